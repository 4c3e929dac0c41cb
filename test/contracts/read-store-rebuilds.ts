import { type ReadStore, StoreUnavailable, type ViewRange } from '../../src/ports.js';
import { at, type OpenView, parkedAt, write } from './read-store-view.js';

export function parkingRules(given: () => OpenView): void {
  describe('parking', () => {
    let store: ReadStore;
    let view: string;
    beforeEach(() => {
      ({ store, view } = given());
    });

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
}

export function rebuildingRules(given: () => OpenView): void {
  describe('rebuilding', () => {
    let store: ReadStore;
    let view: string;
    beforeEach(() => {
      ({ store, view } = given());
    });
    const keysOf = (range: Partial<ViewRange>) => given().keysOf(range);

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
        expect(await store.save(view, [write('a', 6, { status: 'Healthy' }, 5)], at(10 * round + 1))).toEqual(
          [],
        );
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
      await expect(store.beginRebuild(`${view}-none`)).rejects.toThrow(StoreUnavailable);
    });
  });
}

export function droppingRules(given: () => OpenView): void {
  describe('dropping', () => {
    let store: ReadStore;
    let view: string;
    beforeEach(() => {
      ({ store, view } = given());
    });
    const keysOf = (range: Partial<ViewRange>) => given().keysOf(range);

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
}
