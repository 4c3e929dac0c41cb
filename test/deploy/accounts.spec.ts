import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { EventStoreDBClient } from '@eventstore/db-client';
import { StandIn } from '../support/eventstoredb/stand-in.js';

const script = fileURLToPath(new URL('../../deploy/eventstoredb/accounts.mjs', import.meta.url));

interface User {
  password: string;
  disabled: boolean;
}

/** The users of EventStoreDB as its HTTP interface has them. */
class Users {
  readonly users = new Map<string, User>([
    ['admin', { password: 'changeit', disabled: false }],
    ['ops', { password: 'changeit', disabled: false }],
  ]);
  /** Answers to come before it is ready. */
  notReady = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Users> {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        response.statusCode = users.answer(
          `${request.method} ${request.url}`,
          request.headers.authorization ?? '',
          body,
        );
        response.end();
      });
    });
    const users = new Users(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return users;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(what: string, authorization: string, body: string): number {
    if (this.notReady-- > 0) return 503;
    const login = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString();
    if (login !== `admin:${this.users.get('admin')!.password}`) return 401;
    const { newPassword, loginName, groups, password } = JSON.parse(body || '{}') as Record<string, string>;
    if (what === 'GET /users/admin') return 200;
    if (what === 'POST /users/') {
      if (this.users.has(loginName!)) return 409;
      if (groups!.length > 0) return 500;
      this.users.set(loginName!, { password: password!, disabled: false });
      return 201;
    }
    const [, name, command] = /^POST \/users\/(\w+)\/command\/(\S+)$/.exec(what) ?? [];
    const user = this.users.get(name ?? '');
    if (!user) return 404;
    if (command === 'disable') user.disabled = true;
    else if (command === 'reset-password') user.password = newPassword!;
    else return 404;
    return 200;
  }
}

describe('the accounts of a new EventStoreDB', () => {
  let users: Users;
  let server: StandIn;

  beforeEach(async () => {
    users = await Users.start();
    server = await StandIn.start();
  });
  afterEach(async () => {
    users.close();
    await server.close();
  });

  async function setUp(password: string): Promise<{ code: number | null; err: string }> {
    const child = spawn(process.execPath, [script], {
      env: {
        USERS_URL: users.url,
        NODES: server.connectionString.replace('esdb://', ''),
        EVENTSTORE_ADMIN_PASSWORD: 'admin-password',
        EVENTSTORE_PASSWORD: password,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { err: await text(child.stderr), code: await ended };
  }

  it('are the service’s, who may append and read, and an administrator’s; not those that everybody knows', async () => {
    users.notReady = 1;
    expect(await setUp('first')).toMatchObject({ code: 0 });
    expect(Object.fromEntries(users.users)).toEqual({
      admin: { password: 'admin-password', disabled: false },
      ops: { password: 'changeit', disabled: true },
      portcullis: { password: 'first', disabled: false },
    });
    const [rights] = server.log.stream('$settings');
    expect(JSON.parse(Buffer.from(rights!.data).toString())).toMatchObject({
      $userStreamAcl: { $r: ['portcullis', '$admins'], $d: '$admins', $mw: '$admins' },
    });
    const client = EventStoreDBClient.connectionString(server.connectionString);
    const { metadata } = await client.getStreamMetadata('$all');
    expect(metadata!.acl).toMatchObject({ readRoles: ['portcullis', '$admins'] });
    await client.dispose();
  }, 60_000);

  it('change only where they differ when it runs again', async () => {
    await setUp('first');
    const written = server.log.events.length;
    expect(await setUp('second')).toMatchObject({ code: 0 });
    expect(users.users.get('portcullis')!.password).toBe('second');
    expect(server.log.events).toHaveLength(written);
  }, 60_000);
});
