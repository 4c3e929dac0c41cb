import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { ServiceLost, throughService } from '../../src/control/control-client.js';
import { ControlServer } from '../../src/control/control-server.js';
import { controlSocket } from '../../src/control/control-socket.js';
import type { ActRun, OperatorActs } from '../../src/control/operator-acts.js';
import { DomainError } from '../../src/domain/domain-error.js';

type Perform = (act: string, input: unknown, run: ActRun) => Promise<unknown>;

describe('The control socket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-control-'));
  const path = join(folder, 'control.sock');
  const reported: unknown[] = [];
  let perform: Perform;
  let server: ControlServer;

  beforeEach(async () => {
    reported.length = 0;
    perform = async () => ({});
    const acts = { perform: (...args: Parameters<Perform>) => perform(...args) } as unknown as OperatorActs;
    server = await ControlServer.listen(path, acts, (_what, error) => reported.push(error), 100);
  });
  afterEach(() => server.close());
  afterAll(() => rmSync(folder, { recursive: true }));

  const status = () => throughService(path, 'status', {}, 'olive');
  const opened = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(path, () => resolve(socket));
      socket.on('error', reject);
    });
  const sent = async (bytes: string): Promise<string> => {
    const socket = await opened();
    socket.write(bytes);
    return text(socket);
  };

  it('is for one user alone, replaces what a crash left, and goes with the service', async () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await server.close();
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, '');
    server = await ControlServer.listen(path, { perform: async () => ({}) as never }, () => undefined);
    await expect(status()).resolves.toEqual({});
  });

  it('carries the act, who asked for it, its progress and its result', async () => {
    const seen: unknown[] = [];
    perform = async (act, input, { user, onProgress }) => {
      seen.push([act, input, user]);
      onProgress({ done: 1, total: 2 });
      onProgress({ done: 2, total: 2 });
      return { names: ['a'], events: 2, ms: 1 };
    };
    const progress: unknown[] = [];
    const result = await throughService(path, 'rebuild', { names: ['a'] }, 'olive', (at) =>
      progress.push(at),
    );
    expect(seen).toEqual([['rebuild', { names: ['a'] }, 'olive']]);
    expect(result).toEqual({ names: ['a'], events: 2, ms: 1 });
    // Not every page of the log is worth a line.
    expect(progress).toEqual([{ done: 1, total: 2 }]);
  });

  it('tells refusals in their words, and reports what nobody expected', async () => {
    perform = async () => {
      throw new DomainError('EmailTaken', 'This address has an account already.');
    };
    await expect(status()).rejects.toMatchObject({
      code: 'EmailTaken',
      message: 'This address has an account already.',
    });
    expect(reported).toEqual([]);
    const bug = new Error('a bug');
    perform = async () => {
      throw bug;
    };
    await expect(status()).rejects.toMatchObject({ code: 'Failed', message: 'a bug' });
    expect(reported).toEqual([bug]);
  });

  it.each([
    ['junk', 'GET / HTTP/1.1\n'],
    ['an unknown act', '{"act":"eraseAll","user":"olive","input":{}}\n'],
    ['no user', '{"act":"status","input":{}}\n'],
    ['a line without an end', 'x'.repeat(17 * 1024)],
    ['silence', ''],
  ])('refuses %s within its time, and goes on', async (_what, bytes) => {
    expect(await sent(bytes)).toMatch(/^\{"refused":\{"code":"BadRequest"/);
    await expect(status()).resolves.toEqual({});
    expect(reported).toEqual([]);
  });

  it('serves no more than a few at a time', async () => {
    await server.close();
    // So long that none of them is sent away meanwhile.
    server = await ControlServer.listen(
      path,
      { perform: async () => ({}) as never },
      () => undefined,
      60_000,
    );
    const idle = await Promise.all(Array.from({ length: 8 }, opened));
    await expect(status()).rejects.toThrow(ServiceLost);
    for (const socket of idle) socket.destroy();
    await pause(20);
    await expect(status()).resolves.toEqual({});
  });

  it('calls an act off when the operator leaves, or the service stops', async () => {
    const endings: string[] = [];
    const begun = new Promise<void>((resolve) => {
      perform = (_act, _input, { signal }) =>
        new Promise((_result, reject) => {
          signal.addEventListener('abort', () => {
            endings.push((signal.reason as Error).message);
            reject(new Error('stopped in the middle'));
          });
          resolve();
        });
    });
    const socket = await opened();
    socket.write('{"act":"rebuild","user":"olive","input":{"names":[]}}\n');
    await begun;
    socket.destroy();
    while (endings.length === 0) await pause(5);
    const waiting = throughService(path, 'rebuild', { names: [] }, 'olive');
    const refused = expect(waiting).rejects.toMatchObject({ code: 'Stopping' });
    await pause(20);
    await server.close();
    await refused;
    expect(endings).toEqual(['The operator went away.', 'The service is stopping.']);
  });

  it('refuses a path that systems would cut, rather than listen elsewhere', () => {
    expect(() => controlSocket(`/${'long/'.repeat(40)}`)).toThrow(/too long a path for a socket/);
    expect(controlSocket(join(process.cwd(), 'data'))).toBe('data/control.sock');
  });
});
