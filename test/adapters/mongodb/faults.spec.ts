import { MongoConnection, type MongoTimeouts } from '../../../src/adapters/mongodb/connection.js';
import { MongoBlobStore } from '../../../src/adapters/mongodb/blob-store.js';
import { MongoKeyStore } from '../../../src/adapters/mongodb/key-store.js';
import { MongoLeases } from '../../../src/adapters/mongodb/leases.js';
import { MongoReadStore } from '../../../src/adapters/mongodb/read-store.js';
import { type ReadStore, StoreUnavailable, type ViewWrite } from '../../../src/ports.js';
import { at, write } from '../../contracts/read-store-view.js';
import { BrokenLine } from '../../support/broken-line.js';
import { onMongo } from '../../support/mongo-server.js';

const view = 'accounts-1';
const keys = Array.from({ length: 2_500 }, (_, n) => `doc-${n}`);
/** Where the server stays silent. Elsewhere it has the usual time to answer. */
const impatient: MongoTimeouts = {
  selectionMs: 1_000,
  connectMs: 500,
  answerMs: 1_000,
  queueMs: 1_000,
  majorityMs: 1_000,
};
/** One call may wait for a server, a connection and an answer, and then once more. */
const BOUND_MS = 8_000;

onMongo('MongoDB in trouble', (server) => {
  let line: BrokenLine;
  let connection: MongoConnection;
  let store: MongoReadStore;

  beforeEach(async () => {
    const { hostname, port } = new URL(server().url);
    line = await BrokenLine.open({ host: hostname, port: Number(port || 27_017) });
    await connect();
  });
  const connect = async (timeouts: Partial<MongoTimeouts> = {}) => {
    const broken = new URL(server().url);
    broken.host = line.address;
    connection = await server().connect(server().newDatabase(), { url: broken.href, timeouts });
    store = new MongoReadStore(connection);
    await store.open({ name: view, indexes: ['status'] });
  };
  const connectImpatiently = async () => {
    await connection.close();
    await connect(impatient);
  };
  afterEach(async () => {
    await connection.close();
    await line.close();
  });

  const made = (position: number): ViewWrite[] =>
    keys.map((key) => write(key, position, { status: `at ${position}` }));
  /** The next call of this command meets its fate, once. */
  const once = (command: string, fate: 'cut' | 'cutAfter', times = 1) => {
    let left = times;
    line.onRequest = (bytes) => (bytes.includes(`${command}\0`) && left-- > 0 ? fate : 'pass');
  };
  const recovered = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || attempt === 20) throw error;
      }
    }
  };

  describe.each(['cut', 'cutAfter'] as const)('a connection that is lost in mid-batch (%s)', (fate) => {
    it.each([1, 2, 3])('leaves what saving again makes whole, at chunk %i', async (chunk) => {
      let inserts = 0;
      line.onRequest = (bytes) =>
        bytes.subarray(0, 64).includes('insert\0') && ++inserts === chunk ? fate : 'pass';
      await expect(store.save(view, made(1), at(1))).rejects.toThrow(StoreUnavailable);
      expect(await recovered(() => store.checkpoint(view))).toBeNull();
      await saveAsProjectors(store, made(1), 1);
      const { size } = await store.load(view, keys);
      expect(size).toBe(keys.length);
      expect(await store.checkpoint(view)).toBe(at(1));
    });
  });

  it('the checkpoint does not go ahead of documents that were lost', async () => {
    once('insert', 'cut', 2);
    await expect(store.save(view, made(1).slice(0, 10), at(1))).rejects.toThrow(StoreUnavailable);
    expect(await recovered(() => store.checkpoint(view))).toBeNull();
  });

  it('says so in bounded time when the server is silent, and goes on when it answers again', async () => {
    await connectImpatiently();
    line.isSilent = true;
    for (const call of calls(store)) {
      const started = performance.now();
      await expect(call()).rejects.toThrow(StoreUnavailable);
      expect(performance.now() - started).toBeLessThan(BOUND_MS);
    }
    line.isSilent = false;
    line.cut();
    await recovered(() => store.save(view, [write('a', 1, {})], at(1)));
    expect(await store.checkpoint(view)).toBe(at(1));
  });

  it('says so in bounded time when the server is gone, and goes on when it is back', async () => {
    await connectImpatiently();
    line.isDown = true;
    line.cut();
    const started = performance.now();
    for (const call of calls(store)) await expect(call()).rejects.toThrow(StoreUnavailable);
    expect(performance.now() - started).toBeLessThan(3 * BOUND_MS);
    line.isDown = false;
    const back = performance.now();
    await recovered(() => store.save(view, [write('a', 1, {})], at(1)));
    expect(performance.now() - back).toBeLessThan(5_000);
  });

  it('closes in bounded time while the server is silent, and twice is no error', async () => {
    await connectImpatiently();
    line.isSilent = true;
    const hanging = expect(store.get(view, 'a')).rejects.toThrow(StoreUnavailable);
    const started = performance.now();
    await connection.close();
    await connection.close();
    expect(performance.now() - started).toBeLessThan(4_000);
    await hanging;
    await expect(store.ping()).rejects.toThrow(StoreUnavailable);
  });

  it('a key whose storing was not answered is the one that holds', async () => {
    const store = await MongoKeyStore.open(connection);
    const keyOf = (byte: number) => ({
      person: 'ana',
      masterKeyId: 'm1',
      wrapped: new Uint8Array(60).fill(byte),
    });
    once('insert', 'cutAfter');
    const first = await store.putIfAbsent(keyOf(1)).catch((error: unknown) => error);
    const second = await recovered(() => store.putIfAbsent(keyOf(2)));
    expect(second).toEqual(keyOf(1));
    // Where the server can tell a repetition, the driver has repeated it.
    if (first instanceof Error) expect(first).toBeInstanceOf(StoreUnavailable);
    else expect(first).toEqual(keyOf(1));
  });

  it('a half-written blob is not there, and can be put again', async () => {
    const blobs = await MongoBlobStore.open(connection);
    const bytes = Buffer.alloc(1_000_000, 'sealed');
    let chunks = 0;
    line.onRequest = (request) =>
      request.subarray(0, 64).includes('insert\0') && ++chunks > 3 && chunks < 6 ? 'cut' : 'pass';
    await expect(blobs.put(bytes)).rejects.toThrow(StoreUnavailable);
    line.onRequest = () => 'pass';
    const { database } = connection;
    expect(await recovered(() => database.collection('blobs.chunks').countDocuments())).toBeGreaterThan(0);
    expect(await database.collection('blobs.files').countDocuments()).toBe(0);
    const name = await blobs.put(bytes);
    expect(Buffer.from((await blobs.get(name))!).equals(bytes)).toBe(true);
  });

  it('a lease whose taking was not answered is the taker’s when he asks again', async () => {
    const leases = new MongoLeases(connection);
    once('insert', 'cutAfter');
    await leases.take('lead', 'a', null).catch((error: unknown) => {
      expect(error).toBeInstanceOf(StoreUnavailable);
    });
    expect((await recovered(() => leases.take('lead', 'a', null))).holder).toBe('a');
    expect((await leases.take('lead', 'b', null)).holder).toBe('a');
  });

  it('errors tell neither the password nor the documents', async () => {
    await connectImpatiently();
    const url = `mongodb://ana:secret-word@${line.address}/`;
    line.isDown = true;
    for (const odd of [
      url,
      'mongodb://ana:secret-word@a:b:c/',
      'nonsense secret-word',
      `${url}?secret-word=1`,
    ]) {
      const error = await MongoConnection.open({ url: odd, timeouts: impatient }).catch(
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(Error);
      expect(`${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`).not.toContain(
        'secret',
      );
    }
    line.cut();
    const failed = await store
      .save(view, [write('a', 1, { name: 'Ana' })], at(1))
      .catch((reason: unknown) => reason);
    expect(failed).toBeInstanceOf(StoreUnavailable);
    expect(`${String(failed)} ${JSON.stringify(failed)} ${String((failed as Error).cause)}`).not.toContain(
      'Ana',
    );
  });
});

const calls = (store: ReadStore): (() => Promise<unknown>)[] => [
  () => store.get(view, 'a'),
  () => store.save(view, [write('a', 1, {})], at(1)),
  () => store.ping(),
];

/** Saves until everything is there, from what is there: the documents that had been written are then left alone. */
async function saveAsProjectors(store: ReadStore, writes: readonly ViewWrite[], checkpoint: number) {
  const there = await store.load(
    view,
    writes.map(({ key }) => key),
  );
  const missing = writes.filter(({ key }) => !there.has(key));
  expect(await store.save(view, missing, at(checkpoint))).toEqual([]);
}
