import { type ReadStore, type ViewRange } from '../../src/ports.js';
import { at, type OpenView, write } from './read-store-view.js';

export function rangeRules(given: () => OpenView): void {
  describe('ranges', () => {
    let store: ReadStore;
    let view: string;
    beforeEach(() => {
      ({ store, view } = given());
    });
    const keysOf = (range: Partial<ViewRange>) => given().keysOf(range);
    const pagesOf = (range: ViewRange) => given().pagesOf(range);

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
}
