import { jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { EmbeddedReadStore } from '../../src/adapters/embedded/view-store.js';
import { projectionThread, rebuildInThreads } from '../../src/embedded-projections.js';
import { Codec } from '../../src/engine/codec.js';
import { Follower } from '../../src/engine/follower.js';
import { ProjectionThread } from '../../src/engine/projection-thread.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { eventSources } from '../../src/event-sources.js';
import { projections } from '../../src/projections/all.js';
import { appendAccounts } from '../../bench/account-log.js';
import { freshFold } from '../support/counters.js';
import { contents, eventually } from '../support/views.js';

const built = (path: string): URL => new URL(`../../dist/${path}`, import.meta.url);
const never = new AbortController().signal;
const WAIT_MS = 60_000;
jest.setTimeout(60_000);

const names = projections.map(({ name }) => name);

describe('projections on embedded stores, in a thread of their own', () => {
  let directory: string;
  let log: EmbeddedEventStore;
  let keys: EmbeddedKeyStore;
  let codec: Codec;
  let follower: Follower;
  let views: EmbeddedReadStore;
  let thread: ProjectionThread;
  const master = masterKey(new Uint8Array(32).fill(1));

  const start = (): void => {
    thread = projectionThread(names, follower, options());
    thread.start();
  };
  const options = () => ({
    dataDir: directory,
    masterKeys: [master],
    workerUrl: built('projection-worker.js'),
    report: (what: string, error: unknown) => {
      throw new Error(`${what}: ${String(error)}`);
    },
  });

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'portcullis-projections-'));
    log = await EmbeddedEventStore.open({
      dataDir: directory,
      writerUrl: built('adapters/embedded/log-writer.js'),
    });
    keys = await EmbeddedKeyStore.open({
      dataDir: directory,
      writerUrl: built('adapters/embedded/key-writer.js'),
    });
    codec = new Codec(eventSources, new Keyring(keys, master));
    follower = new Follower(log, codec);
    follower.start();
    views = EmbeddedReadStore.open({ dataDir: directory, readOnly: true });
  });

  afterEach(async () => {
    await thread.close();
    await follower.close();
    await views.close();
    await keys.close();
    await log.close();
    rmSync(directory, { recursive: true });
  });

  const reachesHead = async (): Promise<void> => {
    const head = (await log.head())!;
    for (const name of names) expect(await thread.waitFor(name, head, WAIT_MS)).toBe(true);
  };

  const equalsFreshFold = async (): Promise<void> => {
    const happened = new Set((await log.readLog(null, 100_000)).map(({ type }) => type));
    for (const projection of projections) {
      const seen = await contents(views, projection.name);
      expect(seen).toEqual(JSON.parse(JSON.stringify(await freshFold(projection, { store: log, codec }))));
      const isConcerned = [...projection.types].some((type) => happened.has(type));
      expect(Object.keys(seen).length > 0).toBe(isConcerned);
    }
  };

  it('follow the log, also after a restart, to what a fresh fold gives', async () => {
    await appendAccounts(log, codec, 20, 10);
    start();
    await reachesHead();
    await appendAccounts(log, codec, 20, 10);
    await reachesHead();
    await thread.close();
    await appendAccounts(log, codec, 3, 2);
    start();
    await reachesHead();
    await equalsFreshFold();
    expect(thread.states().map(({ failure, parkedCount }) => ({ failure, parkedCount }))).toEqual(
      names.map(() => ({ failure: null, parkedCount: 0 })),
    );
  });

  it('are rebuilt in threads beside it, with progress', async () => {
    start();
    const total = await appendAccounts(log, codec, 50, 10);
    await reachesHead();
    const progress: [number, number][] = [];
    await rebuildInThreads(names, thread, options(), (...each) => progress.push(each), never);
    expect(progress.at(-1)).toEqual([total, total]);
    await appendAccounts(log, codec, 5, 10);
    await reachesHead();
    await equalsFreshFold();
  });

  it('keep the live views when the rebuild is stopped', async () => {
    start();
    await appendAccounts(log, codec, 20, 10);
    await reachesHead();
    const stop = new AbortController();
    stop.abort(new Error('no longer wanted'));
    const rebuilding = rebuildInThreads(names, thread, options(), () => undefined, stop.signal);
    await expect(rebuilding).rejects.toThrow();
    await appendAccounts(log, codec, 1, 10);
    await reachesHead();
    await equalsFreshFold();
  });

  it('refold a stream without what only a destroyed key could open', async () => {
    start();
    await appendAccounts(log, codec, 2, 10);
    await reachesHead();
    const [first] = await log.readLog(null, 1);
    const person = first!.stream.slice('account-'.length);
    expect(JSON.stringify(await views.get('account-view-1', person))).toContain('Kim');
    await keys.destroy(person);
    expect(await thread.refold('account-view-1', first!.stream)).toBeNull();
    expect(JSON.stringify(await views.get('account-view-1', person))).not.toContain('Kim');
    await expect(thread.refold('nowhere-1', first!.stream)).rejects.toThrow('no projection nowhere-1');
  });
});

describe('a projection thread that dies', () => {
  it('is started again, and tells of it meanwhile', async () => {
    const lives = new Int32Array(new SharedArrayBuffer(4));
    const reports: string[] = [];
    const thread = new ProjectionThread(['mortal-1'], new Follower({} as never, {} as never), {
      url: new URL('../support/mortal-worker.mjs', import.meta.url),
      workerData: { lives },
      restartFirstMs: 1,
      report: (what, error) => reports.push(`${what}: ${(error as Error).message}`),
    });
    const failures: (string | null)[] = [];
    thread.onChange = ({ failure }) => failures.push(failure);
    await expect(thread.refold('mortal-1', 'any')).rejects.toThrow('is down');
    thread.start();
    await eventually(() => thread.states()[0]!.position !== null);
    expect(Atomics.load(lives, 0)).toBe(3);
    expect(reports).toEqual(['the projection thread: the first life', 'the projection thread: exit code 7']);
    expect(failures).toEqual([
      'the projection thread ended: the first life',
      'the projection thread ended: exit code 7',
      null,
    ]);
    await thread.close();
  });
});
