import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { MongoConnection, type MongoTimeouts } from '../../src/adapters/mongodb/connection.js';

const FERRETDB = fileURLToPath(new URL('../../node_modules/.cache/portcullis/ferretdb', import.meta.url));
const START_MS = 60_000;

/** A server of MongoDB's protocol: that of MONGODB_URL, or FerretDB in a process of its own. */
export class MongoServer {
  private readonly databases = new Set<string>();

  private constructor(
    readonly url: string,
    private readonly child: ChildProcess | null,
  ) {}

  static get isThere(): boolean {
    return process.env.MONGODB_URL !== undefined || existsSync(FERRETDB);
  }

  static async start(): Promise<MongoServer> {
    const given = process.env.MONGODB_URL;
    if (given !== undefined) return new MongoServer(given, null);
    // Its standard input ends with this process, however that ends.
    const child = spawn(FERRETDB, { stdio: ['pipe', 'pipe', 'inherit'] });
    const deadline = setTimeout(() => child.kill('SIGKILL'), START_MS);
    for await (const line of createInterface(child.stdout)) {
      clearTimeout(deadline);
      return new MongoServer(line, child);
    }
    throw new Error('FerretDB did not start');
  }

  /** The name of a database that ends with this server. */
  newDatabase(): string {
    const name = `portcullis-test-${randomBytes(6).toString('hex')}`;
    this.databases.add(name);
    return name;
  }

  connect(
    database: string,
    { url = this.url, timeouts = {} }: { url?: string; timeouts?: Partial<MongoTimeouts> } = {},
  ): Promise<MongoConnection> {
    return MongoConnection.open({ url: inDatabase(url, database), timeouts });
  }

  async stop(): Promise<void> {
    if (this.child) {
      const ended = new Promise((resolve) => this.child!.once('exit', resolve));
      this.child.stdin!.end();
      await ended;
      return;
    }
    for (const name of this.databases) {
      const connection = await this.connect(name);
      await connection.database.dropDatabase();
      await connection.close();
    }
  }
}

/** A suite on a server of its own; skipped, and named as such, where there is none. */
export function onMongo(name: string, suite: (server: () => MongoServer) => void): void {
  let server: MongoServer;
  const run = () => {
    beforeAll(async () => void (server = await MongoServer.start()));
    afterAll(() => server.stop());
    suite(() => server);
  };
  if (MongoServer.isThere) describe(name, run);
  else describe.skip(`${name} (no MONGODB_URL, and no FerretDB was built)`, run);
}

export function inDatabase(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}
