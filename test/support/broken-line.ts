import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A line to a server that can be cut, go silent, or be cut in the middle of an exchange. */
export class BrokenLine {
  private readonly sockets = new Set<Socket>();
  /** Called with each piece of a request before the server has it; what it returns decides about that. */
  onRequest: (bytes: Buffer) => 'pass' | 'cut' | 'cutAfter' = () => 'pass';
  /** No answer comes back while this is true. */
  isSilent = false;
  /** Nobody is let in while this is true. */
  isDown = false;

  private constructor(private readonly server: Server) {}

  /** Leads to `target`, a port of this machine. */
  static async open(target: { host: string; port: number }): Promise<BrokenLine> {
    const server = createServer({ allowHalfOpen: false });
    const line = new BrokenLine(server);
    server.on('connection', (client) => line.join(client, connect(target)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends all connections, as the death of the server does. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket, server: Socket): void {
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    if (this.isDown) client.destroy();
    let isCutAfter = false;
    client.on('data', (bytes) => {
      const fate = this.onRequest(bytes);
      if (fate === 'cut') return client.destroy();
      isCutAfter ||= fate === 'cutAfter';
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      // The server has done its work by now.
      if (isCutAfter) return client.destroy();
      if (!this.isSilent) client.write(bytes);
    });
  }
}
