import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { problem, problemText, type Problem, type ProblemCode } from './problem.js';
import { sendProblem } from './send-problem.js';

/** What is answered before a route is found: no hook and no filter runs, so that headers are set here. The text that was sent is
 *  never repeated. */

const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
} as const;

/** For the router: an address that cannot be decoded, or a part of it that is too long. */
export function addressRefused(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  void reply.headers(headers);
  sendProblem(reply, problem(error.statusCode === 414 ? 'AddressTooLong' : 'MalformedRequest'));
}

const parserErrors: Partial<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'RequestTimeout',
  HPE_HEADER_OVERFLOW: 'HeadersTooLarge',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'BodyTooLarge',
};

/** For the parser: what is no HTTP, or came too slowly. The connection ends with it. */
export function connectionRefused(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  writeRaw(socket, problem(parserErrors[error.code ?? ''] ?? 'MalformedRequest'));
}

/** For what Node would otherwise answer, or drop, without a body. */
export function refuseOddities(server: Server): void {
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const refusal = problem('ExpectationFailed');
    response.writeHead(refusal.status, rawHeaders(problemText(refusal))).end(problemText(refusal));
  });
  server.on('connect', (_request: IncomingMessage, socket: Duplex) =>
    writeRaw(socket as Socket, problem('MethodNotAllowed')),
  );
}

function writeRaw(socket: Socket, refusal: Problem): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = problemText(refusal);
  const lines = Object.entries(rawHeaders(body)).map(([name, value]) => `${name}: ${value}`);
  const status = `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`;
  socket.write(`${[status, ...lines].join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

const rawHeaders = (body: string) => ({
  ...headers,
  'content-type': 'application/problem+json; charset=utf-8',
  'content-length': String(Buffer.byteLength(body)),
  connection: 'close',
});
