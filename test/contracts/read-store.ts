import fc from 'fast-check';
import { randomBytes } from 'node:crypto';

import {
  BadCursor,
  type Position,
  type ReadStore,
  StoreUnavailable,
  type ViewRange,
  type ViewWrite,
} from '../../src/ports.js';

/** Positions are text of one length, as a log has them. */
const at = (position: number): Position => String(position).padStart(16, '0');

const write = (key: string, position: number, body: object | null, readAt?: number): ViewWrite => ({
  key,
  position: at(position),
  body,
  readAt: readAt === undefined ? null : at(readAt),
});

const parkedAt = (stream: string, revision: number) => ({
  stream,
  revision,
  position: at(revision),
  cause: 'unknown event type',
  parkedAt: 1_700_000_000_000,
});

type Value = string | number;

/** The keys that a range over `status` should give: numbers first, text by its UTF-8, and of bounded ranges only their type. */
function inOrder(
  docs: readonly { key: string; status: Value | null }[],
  { from, to, descending }: { from?: Value; to?: Value; descending?: boolean },
): string[] {
  const compare = (a: Value, b: Value): number => {
    if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
    return typeof a === 'number'
      ? a - (b as number)
      : Buffer.compare(Buffer.from(a), Buffer.from(b as string));
  };
  const type = from ?? to;
  const found = docs
    .flatMap(({ key, status }) => (status === null ? [] : [{ key, status }]))
    .filter(({ status }) => type === undefined || typeof status === typeof type)
    .filter(({ status }) => from === undefined || compare(status, from) >= 0)
    .filter(({ status }) => to === undefined || compare(status, to) <= 0)
    .sort((a, b) => compare(a.status, b.status) || compare(a.key, b.key))
    .map(({ key }) => key);
  return descending ? found.reverse() : found;
}

export function readStoreContract(
  name: string,
  open: () => Promise<{ store: ReadStore; close(): Promise<void> }>,
): void {
  describe(`${name} keeps the contract of ReadStore`, () => {
    const run = randomBytes(4).toString('hex');
    let views = 0;
    let store: ReadStore;
    let view: string;
    let close: () => Promise<void>;

    beforeEach(async () => {
      ({ store, close } = await open());
      view = `contract-${run}-${++views}`;
      await store.open({ name: view, indexes: ['status', 'lockedAt'] });
    });
    afterEach(async () => {
      await store.drop(view);
      await close();
    });

    const keysOf = async (range: Partial<ViewRange>): Promise<string[]> => {
      const page = await store.range(view, { field: 'key', limit: 200, ...range });
      return page.items.map(({ key }) => key);
    };
    /** All pages of a range, walked by their cursors. */
    const pagesOf = async (range: ViewRange): Promise<string[][]> => {
      const pages: string[][] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page = await store.range(view, { ...range, cursor: cursor ?? undefined });
        pages.push(page.items.map(({ key }) => key));
        cursor = page.next;
      }
      return pages;
    };

    describe('a view that was never opened', () => {
      const unknown = `contract-${run}-unknown`;

      it('answers as an empty one', async () => {
        expect(await store.checkpoint(unknown)).toBeNull();
        expect(await store.get(unknown, 'a')).toBeNull();
        expect(await store.load(unknown, ['a'])).toEqual(new Map());
        expect(await store.range(unknown, { field: 'status', limit: 1 })).toEqual({ items: [], next: null });
        expect(await store.parked(unknown)).toEqual([]);
      });

      it('is dropped without an error', async () => {
        await store.drop(unknown);
      });
    });

    describe('saving', () => {
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
      });

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

    describe('deleting', () => {
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

    describe('ranges', () => {
      const locked = { status: 'Locked' };
      beforeEach(async () => {
        await store.save(
          view,
          [
            write('a-1', 1, { ...locked, lockedAt: 20 }),
            write('a-2', 1, { ...locked, lockedAt: 10 }),
            write('b-1', 1, { status: 'Healthy' }),
            write('b-2', 1, { ...locked, lockedAt: 10 }),
            write('c-1', 1, { ...locked, lockedAt: -0.5 }),
          ],
          at(1),
        );
      });

      it('gives documents ordered by field, then key, both ways', async () => {
        expect(await keysOf({ field: 'lockedAt' })).toEqual(['c-1', 'a-2', 'b-2', 'a-1']);
        expect(await keysOf({ field: 'lockedAt', descending: true })).toEqual(['a-1', 'b-2', 'a-2', 'c-1']);
        expect(await keysOf({ descending: true })).toEqual(['c-1', 'b-2', 'b-1', 'a-2', 'a-1']);
      });

      it('includes both bounds', async () => {
        expect(await keysOf({ field: 'lockedAt', from: 10, to: 20 })).toEqual(['a-2', 'b-2', 'a-1']);
        expect(await keysOf({ field: 'lockedAt', to: 10, descending: true })).toEqual(['b-2', 'a-2', 'c-1']);
        expect(await keysOf({ field: 'lockedAt', from: 21 })).toEqual([]);
        expect(await keysOf({ field: 'lockedAt', from: 20, to: 10 })).toEqual([]);
      });

      it('finds keys by what they begin with', async () => {
        expect(await keysOf({ from: 'a-', to: 'a-\u{10ffff}' })).toEqual(['a-1', 'a-2']);
        expect(await keysOf({ from: 'b-', to: 'b-\u{10ffff}', descending: true })).toEqual(['b-2', 'b-1']);
      });

      it.each([
        ['a field with ties', { field: 'status', from: 'Locked', to: 'Locked' }],
        ['a field with bounds', { field: 'lockedAt', from: -1, to: 20 }],
        ['a field below a bound', { field: 'lockedAt', to: 20 }],
        ['a field above a bound', { field: 'lockedAt', from: -1 }],
        ['a field without bounds', { field: 'lockedAt' }],
        ['keys', { field: 'key', from: 'a-2', to: 'c-1' }],
      ])('walks %s in pages, both ways, without a gap or a repetition', async (_, range) => {
        for (const descending of [false, true]) {
          const whole = await keysOf({ ...range, descending });
          for (const limit of [1, 2, 3, 200]) {
            const pages = await pagesOf({ ...range, descending, limit });
            expect(pages.flat()).toEqual(whole);
            expect(pages).toHaveLength(Math.ceil(whole.length / limit));
          }
        }
      });

      it('gives what sorting and filtering the same documents gives', async () => {
        const value = fc.oneof(
          fc.integer({ min: -2, max: 2 }),
          fc.constantFrom('', 'a', 'b', 'ß', '\u{1f600}'),
        );
        const documents = fc.uniqueArray(
          fc.record({ key: fc.constantFrom(...'abcdefghij'), status: fc.oneof(value, fc.constant(null)) }),
          { selector: ({ key }) => key },
        );
        const question = fc.record(
          { from: value, to: value, descending: fc.boolean(), limit: fc.integer({ min: 1, max: 4 }) },
          { requiredKeys: ['limit'] },
        );
        let asked = 0;
        await fc.assert(
          fc.asyncProperty(documents, question, async (docs, { limit, ...range }) => {
            fc.pre(
              range.from === undefined || range.to === undefined || typeof range.from === typeof range.to,
            );
            const name = `${view}-${++asked}`;
            await store.open({ name, indexes: ['status'] });
            await store.save(
              name,
              docs.map(({ key, status }) => write(key, 1, { status })),
              at(1),
            );
            const keys: string[] = [];
            for (let cursor: string | null | undefined; cursor !== null;) {
              const page = await store.range(name, {
                field: 'status',
                ...range,
                limit,
                cursor: cursor ?? undefined,
              });
              keys.push(...page.items.map(({ key }) => key));
              cursor = page.next;
            }
            await store.drop(name);
            expect(keys).toEqual(inOrder(docs, range));
          }),
          { numRuns: 60 },
        );
      });

      it('goes on after the place of the cursor, whatever was written or deleted meanwhile', async () => {
        const range = { field: 'lockedAt', limit: 2 };
        const first = await store.range(view, range);
        expect(first.items.map(({ key }) => key)).toEqual(['c-1', 'a-2']);
        await store.save(
          view,
          [
            write('a-2', 2, null, 1),
            write('0-before', 2, { lockedAt: 10 }),
            write('a-3', 2, { lockedAt: 10 }),
            write('z-after', 2, { lockedAt: 30 }),
          ],
          at(2),
        );
        const rest = await store.range(view, { ...range, limit: 200, cursor: first.next! });
        expect(rest.items.map(({ key }) => key)).toEqual(['a-3', 'b-2', 'a-1', 'z-after']);
      });

      it('gives bodies', async () => {
        const page = await store.range(view, { field: 'key', from: 'a-1', limit: 1 });
        expect(page.items).toEqual([{ key: 'a-1', body: { status: 'Locked', lockedAt: 20 } }]);
      });

      it('takes limits of 1 to 200', async () => {
        for (const limit of [0, -1, 201, 1.5, Number.NaN, Infinity]) {
          await expect(store.range(view, { field: 'key', limit })).rejects.toThrow(RangeError);
        }
      });

      it('refuses a field that is not indexed', async () => {
        const fields = ['name', 'body', 'position', '__proto__', "status' OR 1=1 --", '$where', 'lockedAt.x'];
        for (const field of fields) {
          await expect(store.range(view, { field, limit: 1 })).rejects.toThrow(TypeError);
        }
      });

      it('refuses bounds that are no values', async () => {
        const bounds = [{ $gt: '' }, ['a'], null, true, Number.NaN, Infinity, 'nul\0', '\ud800'];
        for (const bound of bounds as unknown as string[]) {
          await expect(store.range(view, { field: 'status', from: bound, limit: 1 })).rejects.toThrow(
            TypeError,
          );
          await expect(store.range(view, { field: 'key', to: bound, limit: 1 })).rejects.toThrow(TypeError);
        }
        await expect(store.range(view, { field: 'status', from: 1, to: 'a', limit: 1 })).rejects.toThrow(
          TypeError,
        );
        await expect(store.range(view, { field: 'key', from: 1, limit: 1 })).rejects.toThrow(TypeError);
      });
    });

    describe('cursors', () => {
      const range = { field: 'status', from: 'b', to: 'd', limit: 1 };
      const forged = (...parts: unknown[]): string =>
        Buffer.from(JSON.stringify(parts)).toString('base64url');

      beforeEach(async () => {
        const writes = ['a', 'b', 'c', 'd', 'e'].map((key) => write(key, 1, { status: key }));
        await store.save(view, writes, at(1));
      });

      it('are refused when they are nothing of the kind', async () => {
        const cursors = ['', 'x', '%', '🙂', 'null', '{}', 'AAAA', '"', "' OR 1=1 --", 'a'.repeat(100_000)];
        for (const cursor of [...cursors, 5, { $gt: '' }, ['a'], true] as string[]) {
          await expect(store.range(view, { ...range, cursor })).rejects.toThrow(BadCursor);
        }
      });

      it('are refused by another question', async () => {
        const { next } = await store.range(view, range);
        for (const other of [{ field: 'key' }, { descending: true }, { from: 'c' }, { to: 'a', from: 'a' }]) {
          await expect(store.range(view, { ...range, ...other, cursor: next! })).rejects.toThrow(BadCursor);
        }
      });

      it('never throw anything but BadCursor, nor lead out of the bounds, when they are altered', async () => {
        const { next } = await store.range(view, range);
        const characters = [...'Aaz09-_.', "'"];
        for (let index = 0; index < next!.length; index++) {
          for (const character of characters) {
            const cursor = next!.slice(0, index) + character + next!.slice(index + 1);
            const answer = store.range(view, { ...range, limit: 200, cursor });
            const keys = await answer.then(
              ({ items }) => items.map(({ key }) => key),
              (error: unknown) => {
                if (!(error instanceof BadCursor)) throw error;
                return [];
              },
            );
            expect(['b', 'c', 'd']).toEqual(expect.arrayContaining(keys));
          }
        }
      });

      it('are refused when they are made up', async () => {
        const cursors = [
          forged('status', false, { $gt: '' }, 'b'),
          forged('status', false, 'b', { $gt: '' }),
          forged('status', false, 'b', ['b']),
          forged('status', false, null, 'b'),
          forged('status', false, 'a', 'a'),
          forged('status', false, 'b'),
          forged('status', false, 1, 'b'),
          forged('status', false, 'nul\0', 'b'),
          forged('status', false, '\ud800', 'b'),
          forged('status', false, 'b', 'b'.repeat(501)),
          forged('lockedAt', false, 'b', 'b'),
        ];
        for (const cursor of cursors) {
          await expect(store.range(view, { ...range, cursor })).rejects.toThrow(BadCursor);
        }
      });
    });

    describe('values', () => {
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
        const keys = [
          'z',
          'Z',
          'é',
          'e\u0301',
          '\u{10000}',
          '\uffff',
          '日本',
          'ı',
          'a b',
          "a'b",
          '$gt',
          'a.b',
        ];
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
        const names = [
          '',
          'A',
          '../a',
          'a/b',
          'a.b',
          'a b',
          'a"',
          '-a',
          'a'.repeat(101),
          'system.users',
          '$a',
        ];
        for (const odd of names) {
          await expect(store.open({ name: odd, indexes: [] })).rejects.toThrow(TypeError);
        }
        for (const field of ['', 'key', '__proto__', 'a b', 'a.b', '$a', 'a"', "a'", '1a', 'a;']) {
          await expect(store.open({ name: view, indexes: [field] })).rejects.toThrow(TypeError);
        }
        await expect(store.open({ name: view, indexes: ['name', 'Name'] })).rejects.toThrow(TypeError);
      });
    });

    describe('parking', () => {
      it('lists what is parked by stream, the last of each', async () => {
        await store.park(view, parkedAt('b', 1));
        await store.park(view, parkedAt('a', 4));
        await store.park(view, parkedAt('b', 3));
        expect(await store.parked(view)).toEqual([parkedAt('a', 4), parkedAt('b', 3)]);
      });

      it('ends with unparking, which is no error for others', async () => {
        await store.park(view, parkedAt('a', 1));
        await store.unpark(view, 'other');
        expect(await store.parked(view)).toHaveLength(1);
        await store.unpark(view, 'a');
        expect(await store.parked(view)).toEqual([]);
      });
    });

    describe('rebuilding', () => {
      beforeEach(async () => {
        await store.save(view, [write('old', 1, { status: 'Old' })], at(5));
        await store.park(view, parkedAt('old', 1));
      });

      it('begins empty, and leaves the view as it is', async () => {
        const building = await store.beginRebuild(view);
        expect(await store.checkpoint(building)).toBeNull();
        await store.save(building, [write('new', 1, { status: 'New' })], at(9));
        await store.park(building, parkedAt('new', 2));
        expect((await store.load(building, ['new', 'old'])).size).toBe(1);
        expect(await store.checkpoint(building)).toBe(at(9));
        expect(await keysOf({})).toEqual(['old']);
        expect(await store.checkpoint(view)).toBe(at(5));
        expect(await store.parked(view)).toEqual([parkedAt('old', 1)]);
      });

      it('takes the place of the view with all it has', async () => {
        const building = await store.beginRebuild(view);
        await store.save(building, [write('new', 1, { status: 'New' }), write('gone', 2, null)], at(9));
        await store.park(building, parkedAt('new', 2));
        expect(await store.completeRebuild(view, building)).toBe(true);
        expect(await keysOf({ field: 'status' })).toEqual(['new']);
        expect(await store.get(view, 'old')).toBeNull();
        expect((await store.get(view, 'gone'))?.body).toBeNull();
        expect(await store.checkpoint(view)).toBe(at(9));
        expect(await store.parked(view)).toEqual([parkedAt('new', 2)]);
        expect(await store.checkpoint(building)).toBeNull();
      });

      it('goes on as the view that it has become, and can be rebuilt again', async () => {
        for (const round of [1, 2, 3]) {
          const building = await store.beginRebuild(view);
          await store.save(building, [write('a', 5, { status: 'Locked' })], at(10 * round));
          expect(await store.completeRebuild(view, building)).toBe(true);
          expect(
            await store.save(view, [write('a', 6, { status: 'Healthy' }, 5)], at(10 * round + 1)),
          ).toEqual([]);
          expect(await keysOf({ field: 'status', from: 'Healthy', to: 'Healthy' })).toEqual(['a']);
        }
      });

      it('waits until the copy has caught up', async () => {
        const building = await store.beginRebuild(view);
        expect(await store.completeRebuild(view, building)).toBe(false);
        await store.save(building, [write('new', 1, {})], at(4));
        expect(await store.completeRebuild(view, building)).toBe(false);
        expect(await keysOf({})).toEqual(['old']);
        await store.save(building, [write('new', 2, {}, 1)], at(5));
        expect(await store.completeRebuild(view, building)).toBe(true);
        expect(await keysOf({})).toEqual(['new']);
      });

      it('is given up by dropping the copy', async () => {
        const building = await store.beginRebuild(view);
        await store.save(building, [write('new', 1, {})], at(9));
        await store.drop(building);
        expect(await store.get(building, 'new')).toBeNull();
        await expect(store.completeRebuild(view, building)).rejects.toThrow(StoreUnavailable);
        expect(await keysOf({})).toEqual(['old']);
      });

      it('is given up by the next one', async () => {
        const first = await store.beginRebuild(view);
        const second = await store.beginRebuild(view);
        expect(second).not.toBe(first);
        await store.save(second, [write('new', 1, {})], at(9));
        await expect(store.completeRebuild(view, first)).rejects.toThrow(StoreUnavailable);
        expect(await store.completeRebuild(view, second)).toBe(true);
        expect(await keysOf({})).toEqual(['new']);
      });

      it('needs a view', async () => {
        await expect(store.beginRebuild(`contract-${run}-none`)).rejects.toThrow(StoreUnavailable);
      });
    });

    describe('dropping', () => {
      it('leaves nothing, and the view can be opened anew', async () => {
        await store.save(view, [write('a', 1, { status: 'Locked' })], at(1));
        await store.park(view, parkedAt('a', 1));
        await store.drop(view);
        await store.drop(view);
        expect(await store.get(view, 'a')).toBeNull();
        expect(await store.checkpoint(view)).toBeNull();
        await store.open({ name: view, indexes: ['status', 'lockedAt'] });
        expect(await store.checkpoint(view)).toBeNull();
        expect(await store.parked(view)).toEqual([]);
        expect(await keysOf({ field: 'status' })).toEqual([]);
      });

      it('leaves other views alone', async () => {
        const other = `${view}0`;
        await store.open({ name: other, indexes: [] });
        await store.save(other, [write('a', 1, {})], at(1));
        await store.drop(view);
        expect(await store.checkpoint(other)).toBe(at(1));
        await store.drop(other);
      });
    });

    describe('closing', () => {
      it('makes everything unavailable', async () => {
        await store.ping();
        const { store: closed, close: closeIt } = await open();
        await closed.close();
        await closed.close();
        const calls: (() => Promise<unknown>)[] = [
          () => closed.open({ name: view, indexes: [] }),
          () => closed.load(view, ['a']),
          () => closed.save(view, [], at(1)),
          () => closed.checkpoint(view),
          () => closed.get(view, 'a'),
          () => closed.range(view, { field: 'key', limit: 1 }),
          () => closed.park(view, parkedAt('a', 1)),
          () => closed.parked(view),
          () => closed.unpark(view, 'a'),
          () => closed.purgeDeleted(view, at(1)),
          () => closed.beginRebuild(view),
          () => closed.completeRebuild(view, 'any'),
          () => closed.drop(view),
          () => closed.ping(),
        ];
        for (const call of calls) await expect(call()).rejects.toThrow(StoreUnavailable);
        await closeIt();
      });
    });
  });
}
