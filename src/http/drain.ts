import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** How long the rest of a request may take to arrive once the server closes. */
const REST_MS_MAX = 1_000;

/** Has the server close as soon as every request that arrived is answered. By itself Node waits for connections that say nothing, or
 *  half a request, until they are idle by its clock, which it stops when it begins to close. */
export function drainWhenClosing(server: FastifyInstance): void {
  const connections = new Connections(server.server);
  server.addHook('preClose', (done) => {
    connections.drain();
    done();
  });
}

class Connections {
  /** Of each open connection, the answers that it waits for. */
  private readonly open = new Map<Socket, Set<ServerResponse>>();
  private draining = false;

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => this.opened(socket));
    server.on('request', (request: IncomingMessage, response: ServerResponse) =>
      this.asked(request, response),
    );
  }

  drain(): void {
    this.draining = true;
    for (const [socket, waited] of this.open) {
      for (const response of waited) response.shouldKeepAlive = false;
      if (waited.size === 0) socket.destroy();
    }
    setTimeout(() => this.dropUnfinished(), REST_MS_MAX).unref();
  }

  private opened(socket: Socket): void {
    this.open.set(socket, new Set());
    socket.once('close', () => this.open.delete(socket));
  }

  private asked({ socket }: IncomingMessage, response: ServerResponse): void {
    const waited = this.open.get(socket);
    waited?.add(response);
    if (this.draining) response.shouldKeepAlive = false;
    response.once('close', () => {
      waited?.delete(response);
      // Its headers may have left before the server began to close.
      if (this.draining && waited?.size === 0) socket.destroySoon();
    });
  }

  private dropUnfinished(): void {
    for (const [socket, waited] of this.open) {
      if ([...waited].every(({ req }) => !req.complete)) socket.destroy();
    }
  }
}
