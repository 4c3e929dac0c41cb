import { randomBytes } from 'node:crypto';

import { type ReadStore, StoreUnavailable } from '../../src/ports.js';
import { cursorRules } from './read-store-cursors.js';
import { deletingRules, savingRules } from './read-store-documents.js';
import { rangeModelRules } from './read-store-model.js';
import { rangeRules } from './read-store-ranges.js';
import { droppingRules, parkingRules, rebuildingRules } from './read-store-rebuilds.js';
import { valueRules } from './read-store-values.js';
import { at, OpenView, parkedAt } from './read-store-view.js';

export interface OpenedReadStore {
  readonly store: ReadStore;
  /** Closes what is open and removes what was made. */
  close(): Promise<void>;
}

/** What every ReadStore keeps to. Assumes nothing about other views in the store, nor that documents are saved in one step. */
export function readStoreContract(name: string, open: () => Promise<OpenedReadStore>): void {
  describe(`${name} as a ReadStore`, () => {
    const run = randomBytes(4).toString('hex');
    let views = 0;
    let opened: OpenedReadStore;
    let given: OpenView;

    beforeEach(async () => {
      opened = await open();
      given = new OpenView(opened.store, `contract-${run}-${++views}`);
      await opened.store.open({ name: given.view, indexes: ['status', 'lockedAt'] });
    });
    afterEach(async () => {
      await opened.store.drop(given.view);
      await opened.close();
    });

    unknownViewRules(() => opened.store, `contract-${run}-unknown`);
    savingRules(() => given);
    deletingRules(() => given);
    rangeRules(() => given);
    rangeModelRules(() => given);
    cursorRules(() => given);
    valueRules(() => given);
    parkingRules(() => given);
    rebuildingRules(() => given);
    droppingRules(() => given);
    closingRules(open);
  });
}

function unknownViewRules(given: () => ReadStore, unknown: string): void {
  describe('a view that was never opened', () => {
    let store: ReadStore;
    beforeEach(() => (store = given()));

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
}

function closingRules(open: () => Promise<OpenedReadStore>): void {
  test('closing makes everything unavailable', async () => {
    const opened = await open();
    const closed = opened.store;
    const view = 'contract-closed';
    await closed.ping();
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
    await opened.close();
  });
}
