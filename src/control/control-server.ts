import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { DomainError } from '../domain/domain-error.js';
import type { Report } from '../engine/follower.js';
import { ActRefused, request, type Progress, type Reply, type Request } from './acts.js';
import type { OperatorActs } from './operator-acts.js';

const REQUEST_BYTES_MAX = 16 * 1024;
const REQUEST_MS = 5_000;
const CONNECTIONS_MAX = 8;
const CLOSE_MS = 3_000;

/** Lets the command line act through the running service, by a socket that only its user can open: one request a connection. */
export class ControlServer {
  private readonly running = new Set<Promise<void>>();
  private readonly sockets = new Set<Socket>();
  private readonly closing = new AbortController();

  private constructor(
    private readonly server: Server,
    private readonly acts: Pick<OperatorActs, 'perform'>,
    private readonly report: Report,
    private readonly requestMs: number,
  ) {
    server.maxConnections = CONNECTIONS_MAX;
    server.on('connection', (socket) => this.connected(socket));
  }

  /** The caller holds the lock of the DATA_DIR: a socket that is there was left by a process that was killed. */
  static async listen(
    path: string,
    acts: Pick<OperatorActs, 'perform'>,
    report: Report,
    requestMs = REQUEST_MS,
  ): Promise<ControlServer> {
    rmSync(path, { force: true });
    const server = createServer();
    const control = new ControlServer(server, acts, report, requestMs);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    server.on('error', (error) => report('the control socket', error));
    // Nobody could reach it before this: the folder is the user's alone.
    chmodSync(path, 0o600);
    return control;
  }

  /** Begins nothing new, calls off what can be called off, and waits a while for the rest. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.closing.abort(new ActRefused('Stopping', 'The service is stopping.'));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, CLOSE_MS)));
    await Promise.race([Promise.all(this.running), late]);
    clearTimeout(timer);
    for (const socket of this.sockets) socket.destroySoon();
    await closed;
  }

  private connected(socket: Socket): void {
    this.sockets.add(socket);
    const gone = new AbortController();
    socket.on('error', (error) => this.report('the control socket', error));
    socket.on('close', () => {
      this.sockets.delete(socket);
      gone.abort(new ActRefused('Gone', 'The operator went away.'));
    });
    const signal = AbortSignal.any([gone.signal, this.closing.signal]);
    const work = this.serve(socket, signal).finally(() => this.running.delete(work));
    this.running.add(work);
  }

  private async serve(socket: Socket, signal: AbortSignal): Promise<void> {
    const answer = (reply: Reply) => {
      if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`);
    };
    try {
      const { act, user, input } = understood(await requestLine(socket, signal, this.requestMs));
      const onProgress = throttled((progress) => answer({ progress }));
      answer({ result: await this.acts.perform(act, input, { user, onProgress, signal }) });
    } catch (error) {
      // What was called off fails in words of its own; the reason tells more.
      answer({ refused: this.refusal(signal.aborted ? signal.reason : error) });
    }
    socket.destroySoon();
  }

  private refusal(error: unknown): { code: string; sentence: string } {
    if (error instanceof ActRefused) return { code: error.code, sentence: error.message };
    if (error instanceof DomainError) return { code: error.code, sentence: error.message };
    this.report('an act of an operator', error);
    return { code: 'Failed', sentence: error instanceof Error ? error.message : String(error) };
  }
}

function understood(line: string): Request {
  try {
    return request.parse(JSON.parse(line));
  } catch (error) {
    throw new ActRefused('BadRequest', `this is no request: ${(error as Error).message}`);
  }
}

/** The first line. Throws `ActRefused` when it is too long or too late. */
function requestLine(socket: Socket, signal: AbortSignal, requestMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const refuse = (sentence: string) => reject(new ActRefused('BadRequest', sentence));
    const timer = setTimeout(() => refuse(`no request within ${requestMs} ms`), requestMs);
    socket.setEncoding('utf8');
    socket.on('data', (piece: string) => {
      if (text.includes('\n')) return;
      text += piece;
      if (Buffer.byteLength(text) > REQUEST_BYTES_MAX) refuse('the request is too long');
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    signal.addEventListener('abort', () => reject(signal.reason as Error));
    socket.on('end', () => refuse('the request ended before its line did'));
    socket.on('close', () => clearTimeout(timer));
  });
}

const PROGRESS_MS = 100;

/** Progress comes with every page of the log; nobody reads so fast. */
function throttled(tell: (progress: Progress) => void): (progress: Progress) => void {
  let toldAt = -Infinity;
  return (progress) => {
    if (performance.now() - toldAt < PROGRESS_MS) return;
    toldAt = performance.now();
    tell(progress);
  };
}
