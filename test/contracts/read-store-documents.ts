import { type ReadStore, type ViewRange } from '../../src/ports.js';
import { at, type OpenView, write } from './read-store-view.js';

export function savingRules(given: () => OpenView): void {
  describe('saving', () => {
    let store: ReadStore;
    let view: string;
    beforeEach(() => {
      ({ store, view } = given());
    });
    const keysOf = (range: Partial<ViewRange>) => given().keysOf(range);

    it('keeps documents and the checkpoint', async () => {
      const body = { status: 'Healthy', names: ['Ana', 'Bo'], nested: { deep: null }, count: 1.5 };
      expect(await store.save(view, [write('a', 3, body), write('b', 5, {})], at(7))).toEqual([]);
      expect(await store.get(view, 'a')).toEqual({ key: 'a', position: at(3), body });
      expect(await store.checkpoint(view)).toBe(at(7));
      expect(await store.load(view, ['b', 'a', 'none'])).toEqual(
        new Map([
          ['a', { key: 'a', position: at(3), body }],
          ['b', { key: 'b', position: at(5), body: {} }],
        ]),
      );
    });

    it('replaces a document that is still as it was read', async () => {
      await store.save(view, [write('a', 1, { status: 'Healthy', old: true })], at(1));
      expect(await store.save(view, [write('a', 2, { status: 'Locked' }, 1)], at(2))).toEqual([]);
      expect((await store.get(view, 'a'))?.body).toEqual({ status: 'Locked' });
    });

    it('replaces hundreds of documents at once, and names those among them that had moved on', async () => {
      const keys = Array.from({ length: 250 }, (_, n) => `doc-${n}`);
      await store.save(
        view,
        keys.map((key) => write(key, 1, { n: 1 })),
        at(1),
      );
      const moved = keys.filter((_, n) => n % 50 === 0);
      await store.save(
        view,
        moved.map((key) => write(key, 2, { n: 2 }, 1)),
        at(2),
      );
      const writes = keys.map((key) => write(key, 3, { n: 3 }, 1));
      expect((await store.save(view, writes, at(3))).sort()).toEqual(moved.sort());
      const loaded = await store.load(view, keys);
      for (const key of keys) expect(loaded.get(key)?.body).toEqual({ n: moved.includes(key) ? 2 : 3 });
    }, 60_000);

    it.each([
      ['written meanwhile', write('a', 9, { mine: true }, 1)],
      ['made meanwhile', write('a', 9, { mine: true })],
      ['deleted meanwhile', write('gone', 9, { mine: true }, 1)],
      ['forgotten meanwhile', write('none', 9, { mine: true }, 1)],
    ])('leaves a document alone that was %s, names it and keeps the checkpoint', async (_, stale) => {
      await store.save(view, [write('a', 2, { theirs: true }), write('gone', 2, null)], at(2));
      const before = await store.get(view, stale.key);
      expect(await store.save(view, [stale, write('z', 9, {})], at(9))).toEqual([stale.key]);
      expect(await store.get(view, stale.key)).toEqual(before);
      expect(await store.checkpoint(view)).toBe(at(2));
    });

    it('changes nothing when a batch is replayed', async () => {
      const batch = [write('a', 1, { n: 1 }), write('b', 2, null), write('c', 3, { n: 3 })];
      await store.save(view, batch, at(3));
      expect((await store.save(view, batch, at(3))).sort()).toEqual(['a', 'b', 'c']);
      expect((await store.get(view, 'c'))?.body).toEqual({ n: 3 });
      expect(await store.checkpoint(view)).toBe(at(3));
    });

    it('never moves the checkpoint back', async () => {
      await store.save(view, [], at(9));
      await store.save(view, [write('a', 4, {})], at(4));
      expect(await store.checkpoint(view)).toBe(at(9));
    });

    it('lets one of two writers win a document', async () => {
      const outcomes = await Promise.all(
        [1, 2, 3, 4].map((n) => store.save(view, [write('a', n, { n })], at(n))),
      );
      const winners = outcomes.flatMap((movedOn, index) => (movedOn.length === 0 ? [index + 1] : []));
      expect(winners).toHaveLength(1);
      expect((await store.get(view, 'a'))?.body).toEqual({ n: winners[0] });
    });

    it('takes 20,000 documents a call, and no more', async () => {
      const batch = Array.from({ length: 20_000 }, (_, n) => write(`doc-${n}`, 1, { n }));
      expect(await store.save(view, batch, at(1))).toEqual([]);
      const loaded = await store.load(
        view,
        batch.map(({ key }) => key),
      );
      expect(loaded.size).toBe(20_000);
      await expect(store.save(view, [...batch, write('more', 1, {})], at(2))).rejects.toThrow(RangeError);
      await expect(store.load(view, [...loaded.keys(), 'more'])).rejects.toThrow(RangeError);
    }, 120_000);

    it('survives opening the view again', async () => {
      await store.save(view, [write('a', 1, { status: 'Locked' })], at(1));
      await store.open({ name: view, indexes: ['status', 'lockedAt'] });
      expect(await keysOf({ field: 'status', from: 'Locked' })).toEqual(['a']);
      expect(await store.checkpoint(view)).toBe(at(1));
    });

    it('can be asked by a field that a later opening adds', async () => {
      await store.save(view, [write('a', 1, { since: 5 }), write('b', 1, {}), write('c', 1, null)], at(1));
      await store.open({ name: view, indexes: ['status', 'lockedAt', 'since'] });
      await store.save(view, [write('d', 2, { since: 4 })], at(2));
      expect(await keysOf({ field: 'since' })).toEqual(['d', 'a']);
    });
  });
}

export function deletingRules(given: () => OpenView): void {
  describe('deleting', () => {
    let store: ReadStore;
    let view: string;
    beforeEach(() => {
      ({ store, view } = given());
    });
    const keysOf = (range: Partial<ViewRange>) => given().keysOf(range);

    beforeEach(async () => {
      await store.save(
        view,
        [write('a', 1, { status: 'Locked' }), write('b', 2, { status: 'Locked' })],
        at(2),
      );
      await store.save(view, [write('a', 3, null, 1)], at(3));
    });

    it('leaves key and position, and nothing to be found', async () => {
      expect(await store.get(view, 'a')).toEqual({ key: 'a', position: at(3), body: null });
      expect((await store.load(view, ['a'])).get('a')).toEqual({ key: 'a', position: at(3), body: null });
      expect(await keysOf({})).toEqual(['b']);
      expect(await keysOf({ field: 'status' })).toEqual(['b']);
    });

    it('can be undone by a later event', async () => {
      expect(await store.save(view, [write('a', 4, { status: 'Healthy' }, 3)], at(4))).toEqual([]);
      expect(await keysOf({ field: 'status' })).toEqual(['a', 'b']);
    });

    it('is forgotten up to a position, inclusive', async () => {
      await store.save(view, [write('b', 4, null, 2)], at(4));
      await store.purgeDeleted(view, at(3));
      expect(await store.get(view, 'a')).toBeNull();
      expect(await store.get(view, 'b')).toEqual({ key: 'b', position: at(4), body: null });
    });

    it('forgets no document that exists', async () => {
      await store.purgeDeleted(view, at(9));
      expect((await store.get(view, 'b'))?.body).toEqual({ status: 'Locked' });
    });
  });
}
