import type { MongoConnection } from '../../../src/adapters/mongodb/connection.js';
import { MongoReadStore } from '../../../src/adapters/mongodb/read-store.js';
import { StoreUnavailable, ViewReplaced } from '../../../src/ports.js';
import { at, parkedAt, write } from '../../contracts/read-store-view.js';
import { onMongo } from '../../support/mongo-server.js';

const view = 'accounts-1';
const spec = { name: view, indexes: ['status'] };

onMongo('two stores on one database', (server) => {
  let connections: MongoConnection[];
  let one: MongoReadStore;
  let other: MongoReadStore;

  beforeEach(async () => {
    const database = server().newDatabase();
    connections = [await server().connect(database), await server().connect(database)];
    [one, other] = connections.map((connection) => new MongoReadStore(connection)) as [
      MongoReadStore,
      MongoReadStore,
    ];
    await Promise.all([one.open(spec), other.open(spec)]);
    await one.save(view, [write('a', 1, { status: 'Old' })], at(1));
  });
  afterEach(async () => {
    for (const connection of connections) await connection.close();
  });

  const replace = async () => {
    const building = await one.beginRebuild(view);
    await one.save(building, [write('a', 2, { status: 'New' })], at(2));
    await one.park(building, parkedAt('b', 2));
    await one.completeRebuild(view, building);
  };
  const collections = async () => {
    const found = await connections[0]!.database.listCollections({}, { nameOnly: true }).toArray();
    return found.map(({ name }) => name).filter((name) => name.startsWith('view.'));
  };

  it('open it at once as one view', async () => {
    const name = 'opened-at-once-1';
    await Promise.all([one.open({ name, indexes: [] }), other.open({ name, indexes: [] })]);
    await one.save(name, [write('a', 1, {})], at(1));
    expect(await other.save(name, [write('a', 2, {}, 1)], at(2))).toEqual([]);
    expect(await one.checkpoint(name)).toBe(at(2));
  });

  it('see at once, and as a whole, what one has rebuilt', async () => {
    await replace();
    expect((await other.get(view, 'a'))?.body).toEqual({ status: 'New' });
    expect((await other.range(view, { field: 'status', from: 'New', limit: 1 })).items).toHaveLength(1);
    expect(await other.checkpoint(view)).toBe(at(2));
    expect(await other.parked(view)).toEqual([parkedAt('b', 2)]);
  });

  it('are told that the view was replaced, and nothing that they write then counts', async () => {
    await replace();
    const writes = [write('a', 3, { status: 'Stray' }, 1), write('c', 3, { status: 'Stray' })];
    await expect(other.save(view, writes, at(3))).rejects.toThrow(ViewReplaced);
    await expect(other.save(view, [write('a', 3, {})], at(3))).rejects.toThrow(ViewReplaced);
    await expect(other.park(view, parkedAt('c', 3))).rejects.toThrow(ViewReplaced);
    await expect(other.unpark(view, 'b')).rejects.toThrow(ViewReplaced);
    await expect(other.purgeDeleted(view, at(9))).rejects.toThrow(ViewReplaced);
    expect((await one.get(view, 'a'))?.position).toBe(at(2));
    expect(await one.get(view, 'c')).toBeNull();
    expect(await one.checkpoint(view)).toBe(at(2));
    expect(await one.parked(view)).toEqual([parkedAt('b', 2)]);
  });

  it('go on with the new copy once they have opened it', async () => {
    await replace();
    await expect(other.save(view, [], at(3))).rejects.toThrow(ViewReplaced);
    await other.open(spec);
    expect(await other.save(view, [write('a', 3, { status: 'Newer' }, 2)], at(3))).toEqual([]);
    expect((await one.get(view, 'a'))?.body).toEqual({ status: 'Newer' });
  });

  it('are told when the view was dropped, and make it anew by opening it', async () => {
    await one.drop(view);
    await expect(other.save(view, [], at(3))).rejects.toThrow(ViewReplaced);
    await other.open(spec);
    expect(await other.checkpoint(view)).toBeNull();
    expect(await other.get(view, 'a')).toBeNull();
  });

  /** As a collection that was made a day ago is called. */
  const madeYesterday = (name: string) =>
    `view.${name}.${Math.floor(Date.now() / 1_000 - 86_400).toString(16)}${'0'.repeat(16)}`;

  it('keep what a copy has replaced for those who may still be reading it', async () => {
    const before = madeYesterday(view);
    await replace();
    await connections[0]!.database.createCollection(before);
    await other.open(spec);
    expect(await collections()).toContain(before);
  });

  it('remove what was replaced long ago, and what a crash has left, at the next opening', async () => {
    await replace();
    const live = await collections();
    const { database } = connections[0]!;
    const left = [madeYesterday(view), madeYesterday(`${view}0`)];
    for (const name of left) await database.createCollection(name);
    await database.collection('views').updateOne({ replacedAt: { $gt: 0 } }, { $set: { replacedAt: 1 } });
    await other.open(spec);
    const kept = await collections();
    expect(kept).not.toContain(left[0]);
    expect(kept).toEqual(expect.arrayContaining([...live, left[1]]));
    expect((await one.get(view, 'a'))?.body).toEqual({ status: 'New' });
  });

  it('let only the last of two rebuilds take the place of the view', async () => {
    const [first, second] = [await one.beginRebuild(view), await other.beginRebuild(view)];
    await expect(one.save(first, [write('a', 5, {})], at(5))).rejects.toThrow(StoreUnavailable);
    await expect(one.completeRebuild(view, first)).rejects.toThrow(StoreUnavailable);
    await other.save(second, [write('a', 5, { status: 'Second' })], at(5));
    expect(await other.completeRebuild(view, second)).toBe(true);
    expect((await one.get(view, 'a'))?.body).toEqual({ status: 'Second' });
  });

  it('can complete a rebuild again, whose answer was lost', async () => {
    const building = await one.beginRebuild(view);
    await one.save(building, [write('a', 2, { status: 'New' })], at(2));
    expect(await other.completeRebuild(view, building)).toBe(true);
    expect(await one.completeRebuild(view, building)).toBe(true);
    expect(await one.save(view, [], at(3))).toEqual([]);
  });

  it('converge when both save the same documents', async () => {
    const keys = Array.from({ length: 40 }, (_, n) => `doc-${n}`);
    await Promise.all([one, other].map((store) => fold(store, keys, 12)));
    const loaded = await one.load(view, keys);
    expect(keys.map((key) => loaded.get(key)?.body)).toEqual(keys.map(() => ({ counted: 12 })));
    expect(await one.checkpoint(view)).toBe(at(12));
  });

  it('never move the checkpoint back', async () => {
    const saves = Array.from({ length: 30 }, (_, n) => (n * 7) % 30);
    await Promise.all(saves.map((n) => (n % 2 ? one : other).save(view, [], at(n + 2))));
    expect(await one.checkpoint(view)).toBe(at(31));
  });
});

/** Counts positions 1 to `last` in each document, as a projector does: what another one has counted is left out. */
async function fold(store: MongoReadStore, keys: readonly string[], last: number): Promise<void> {
  for (let position = 1; position <= last; position += 1) {
    for (let movedOn: readonly string[] = keys; movedOn.length > 0;) {
      const loaded = await store.load(view, movedOn);
      const writes = movedOn.flatMap((key) => {
        const before = loaded.get(key);
        if (before && before.position >= at(position)) return [];
        const counted = ((before?.body as { counted: number } | undefined)?.counted ?? 0) + 1;
        return [{ key, position: at(position), body: { counted }, readAt: before?.position ?? null }];
      });
      movedOn = await store.save(view, writes, at(position));
    }
  }
}
