import { MongoClientLimits } from '../../../src/adapters/mongodb/client-limits.js';
import type { MongoConnection } from '../../../src/adapters/mongodb/connection.js';
import { MongoLeases } from '../../../src/adapters/mongodb/leases.js';
import { MongoReadStore } from '../../../src/adapters/mongodb/read-store.js';
import { at, parkedAt, write } from '../../contracts/read-store-view.js';
import { FixedClock } from '../../support/counters.js';
import { onMongo } from '../../support/mongo-server.js';

/** What would be a question to the server, in the place of text. */
const operators = [
  [{ $gt: '' }],
  [{ $ne: null }],
  [{ $where: 'true' }],
  [{ $regex: '.' }],
  [{ toString: () => 'a', $gt: '' }],
  [['a']],
  [/a/],
  [null],
  [true],
] as unknown as [string][];
const view = 'accounts-1';

onMongo('what reaches filters of MongoDB', (server) => {
  let connection: MongoConnection;
  let store: MongoReadStore;

  beforeAll(async () => {
    connection = await server().connect(server().newDatabase());
    store = new MongoReadStore(connection);
    await store.open({ name: view, indexes: ['status'] });
    await store.save(view, [write('a', 1, { status: 'Locked' })], at(1));
  });
  afterAll(() => connection.close());

  const refused = async (calls: (() => Promise<unknown>)[]) => {
    for (const call of calls) await expect(call()).rejects.toThrow(TypeError);
  };

  it.each(operators)('is text or a number: as names of views, %p is none', async (odd) => {
    await refused([
      () => store.open({ name: odd, indexes: [] }),
      () => store.load(odd, []),
      () => store.save(odd, [], at(1)),
      () => store.checkpoint(odd),
      () => store.get(odd, 'a'),
      () => store.range(odd, { field: 'key', limit: 1 }),
      () => store.parked(odd),
      () => store.purgeDeleted(odd, at(1)),
      () => store.beginRebuild(odd),
      () => store.completeRebuild(odd, 'a'),
      () => store.completeRebuild(view, odd),
      () => store.drop(odd),
    ]);
  });

  it.each(operators)('is text or a number: as positions and streams, %p is none', async (odd) => {
    const given = write('a', 2, {}, 1);
    await refused([
      () => store.save(view, [{ ...given, position: odd }], at(2)),
      () => store.save(view, [given], odd),
      () => store.purgeDeleted(view, odd),
      () => store.park(view, { ...parkedAt('a', 1), stream: odd }),
      () => store.unpark(view, odd),
    ]);
    if (odd !== null) await refused([() => store.save(view, [{ ...given, readAt: odd }], at(2))]);
    expect(await store.checkpoint(view)).toBe(at(1));
    expect((await store.get(view, 'a'))?.position).toBe(at(1));
  });

  it.each(operators)('is text or a number: as leases and clients, %p is none', async (odd) => {
    const leases = new MongoLeases(connection);
    const limits = new MongoClientLimits({ failures: 1, requests: 1 }, new FixedClock(0), connection);
    await refused([
      () => leases.take(odd, 'a', null),
      () => leases.take('lead', odd, null),
      () => leases.release('lead', odd),
      () => leases.release(odd, 'a'),
      () => limits.spend(odd),
      () => limits.attempt(odd, async () => true, Boolean),
    ]);
    if (odd !== null) await refused([() => leases.take('lead', 'a', odd)]);
  });

  it('takes names of operators for the text that they are', async () => {
    const keys = ['$where', '$gt', '{"$gt":""}', 'a.b', '$a.$b', '__proto__', 'status.$ne'];
    const body = { $where: 'true', 'a.b': 1, $set: { $inc: 1 }, status: '$where', '': 0 };
    await store.save(
      view,
      keys.map((key) => write(key, 2, body)),
      at(2),
    );
    for (const key of keys) expect((await store.get(view, key))?.body).toEqual(body);
    const found = await store.range(view, { field: 'status', from: '$where', to: '$where', limit: 200 });
    expect(found.items.map(({ key }) => key).sort()).toEqual([...keys].sort());
  });
});
