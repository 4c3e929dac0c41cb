import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Between the clients and the gRPC server, so that connections can be cut, frozen or refused whatever gRPC would do. */
export class Front {
  port = 0;
  private server: Server | null = null;
  private frozen = false;
  private readonly pairs = new Map<Socket, Socket>();

  constructor(private readonly target: number) {}

  /** On the same port each time. */
  async listen(): Promise<void> {
    this.server = createServer({ pauseOnConnect: true, noDelay: true }, (client) => this.accept(client));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** As a killed process: connections are reset, new ones refused. */
  async shut(): Promise<void> {
    const server = this.server;
    this.server = null;
    this.cutAll();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** As a stopped process: connections stay and new ones are accepted, but nothing is answered. */
  freeze(): void {
    this.frozen = true;
    this.strand();
  }

  thaw(): void {
    this.frozen = false;
    for (const [client, upstream] of this.pairs) client.pipe(upstream).pipe(client);
  }

  /** As a pulled cable: today's connections stay, silent for good; new ones are served. */
  strand(): void {
    for (const pair of this.pairs) {
      for (const socket of pair) socket.unpipe().pause();
    }
  }

  cutAll(): void {
    for (const [client, upstream] of this.pairs) cut(client, upstream);
  }

  /** The connection of the call whose peer, as the gRPC server sees it, is this. */
  cut(peer: string): void {
    const port = Number(peer.slice(peer.lastIndexOf(':') + 1));
    for (const [client, upstream] of this.pairs) {
      if (upstream.localPort === port) cut(client, upstream);
    }
  }

  private accept(client: Socket): void {
    const upstream = connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    this.pairs.set(client, upstream);
    for (const socket of [client, upstream]) {
      // Resets are this class's trade; the close that follows them is what counts.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.pairs.delete(client);
        cut(client, upstream);
      });
    }
    if (!this.frozen) client.pipe(upstream).pipe(client);
  }
}

function cut(client: Socket, upstream: Socket): void {
  if (!client.destroyed) client.resetAndDestroy();
  upstream.destroy();
}
