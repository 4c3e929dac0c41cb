import { type ReadStore, type ViewRange } from '../../src/ports.js';
import { at, type OpenView, write } from './read-store-view.js';

export function valueRules(given: () => OpenView): void {
  describe('values', () => {
    let store: ReadStore;
    let view: string;
    beforeEach(() => {
      ({ store, view } = given());
    });
    const keysOf = (range: Partial<ViewRange>) => given().keysOf(range);
    const pagesOf = (range: ViewRange) => given().pagesOf(range);

    it('orders numbers before text, and finds by a bound what is of its type', async () => {
      const writes = [1, 'b', '', 10, 2, 'a'].map((status, n) => write(`k${n}`, 1, { status }));
      await store.save(view, writes, at(1));
      expect(await keysOf({ field: 'status' })).toEqual(['k0', 'k4', 'k3', 'k2', 'k5', 'k1']);
      expect(await keysOf({ field: 'status', from: 2 })).toEqual(['k4', 'k3']);
      expect(await keysOf({ field: 'status', to: 'a' })).toEqual(['k2', 'k5']);
      for (const bound of [{ from: 1 }, { to: 'b' }, {}]) {
        for (const descending of [false, true]) {
          const range = { field: 'status', ...bound, descending };
          expect((await pagesOf({ ...range, limit: 1 })).flat()).toEqual(await keysOf(range));
        }
      }
    });

    it('does not find documents by what is no value', async () => {
      const odd = [
        null,
        true,
        false,
        {},
        { $gt: '' },
        ['a'],
        'x'.repeat(501),
        'nul\0',
        '\ud800',
        undefined,
        Infinity,
        Number.NaN,
      ];
      await store.save(
        view,
        odd.map((status, n) => write(`k${n}`, 1, { status })),
        at(1),
      );
      expect(await keysOf({ field: 'status' })).toEqual([]);
      expect(await keysOf({})).toHaveLength(odd.length);
      expect((await store.get(view, 'k4'))?.body).toEqual({ status: { $gt: '' } });
      expect((await store.get(view, 'k7'))?.body).toEqual({ status: 'nul\0' });
    });

    it('stops finding a document by a value that it no longer has', async () => {
      await store.save(view, [write('a', 1, { status: 'Locked' })], at(1));
      await store.save(view, [write('a', 2, { status: ['Locked'] }, 1)], at(2));
      expect(await keysOf({ field: 'status' })).toEqual([]);
    });

    it('orders text by code point', async () => {
      const keys = ['z', 'Z', 'é', 'e\u0301', '\u{10000}', '\uffff', '日本', 'ı', 'a b', "a'b", '$gt', 'a.b'];
      const byCodePoint = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      await store.save(
        view,
        keys.map((key) => write(key, 1, { status: key })),
        at(1),
      );
      expect(await keysOf({})).toEqual(byCodePoint);
      expect(await keysOf({ field: 'status' })).toEqual(byCodePoint);
      expect((await pagesOf({ field: 'status', from: 'Z', limit: 1 })).flat()).toEqual(
        byCodePoint.filter((key) => !['$gt'].includes(key)),
      );
      for (const key of keys) expect((await store.get(view, key))?.key).toBe(key);
    });

    it('keeps __proto__ and constructor as keys and as fields like any other', async () => {
      const body = JSON.parse('{"__proto__": {"status": "Locked"}, "constructor": "c"}') as object;
      await store.save(view, [write('__proto__', 1, body), write('constructor', 1, {})], at(1));
      const loaded = await store.load(view, ['__proto__', 'constructor', 'toString']);
      expect([...loaded.keys()].sort()).toEqual(['__proto__', 'constructor']);
      const stored = (await store.get(view, '__proto__'))!.body!;
      expect(JSON.stringify(stored)).toBe(JSON.stringify(body));
      expect(await keysOf({ field: 'status' })).toEqual([]);
    });

    it('refuses keys that are no text, or that a store could not keep as they are', async () => {
      const keys = [
        { $gt: '' },
        ['a'],
        5,
        null,
        undefined,
        '',
        'nul\0',
        '\ud800',
        'x'.repeat(501),
      ] as string[];
      for (const key of keys) {
        await expect(store.get(view, key)).rejects.toThrow(TypeError);
        await expect(store.load(view, ['a', key])).rejects.toThrow(TypeError);
        await expect(store.save(view, [write('a', 1, {}), write(key, 1, {})], at(1))).rejects.toThrow(
          TypeError,
        );
      }
      expect(await store.get(view, 'a')).toBeNull();
      await store.save(view, [write('x'.repeat(500), 1, {})], at(1));
    });

    it('refuses views and fields that are no names', async () => {
      const names = ['', 'A', '../a', 'a/b', 'a.b', 'a b', 'a"', '-a', 'a'.repeat(101), 'system.users', '$a'];
      for (const odd of [...names, ['a'], null, { $gt: '' }] as string[]) {
        await expect(store.open({ name: odd, indexes: [] })).rejects.toThrow(TypeError);
      }
      for (const field of [
        '',
        'key',
        '__proto__',
        'a b',
        'a.b',
        '$a',
        'a"',
        "a'",
        '1a',
        'a;',
        ['a'],
        null,
      ] as string[]) {
        await expect(store.open({ name: view, indexes: [field] })).rejects.toThrow(TypeError);
      }
      await expect(store.open({ name: view, indexes: ['name', 'Name'] })).rejects.toThrow(TypeError);
    });
  });
}
