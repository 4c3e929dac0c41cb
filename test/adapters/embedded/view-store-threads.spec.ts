import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

import type { EmbeddedReadStore } from '../../../src/adapters/embedded/view-store.js';
import { at, bodyOf, built, view, write, ViewFolder } from './view-folder.js';

let folder: ViewFolder;
let writer: EmbeddedReadStore;

beforeEach(async () => {
  folder = new ViewFolder();
  writer = folder.open(false);
  await writer.open({ name: view, indexes: ['n'] });
});
afterEach(() => folder.remove());

describe('views read beside their writer', () => {
  it('show what was written at once', async () => {
    const reader = folder.open(true);
    await writer.save(view, [write('a', 1)], at(1));
    expect(await bodyOf(reader, 'a')).toEqual({ n: 1 });
    await writer.save(view, [write('a', 2, 1)], at(2));
    expect(await bodyOf(reader, 'a')).toEqual({ n: 2 });
    expect(await reader.checkpoint(view)).toBe(at(2));
  });

  it('are empty until they are made', async () => {
    rmSync(folder.views, { recursive: true });
    const reader = folder.open(true);
    expect(await reader.range(view, { field: 'n', limit: 1 })).toEqual({ items: [], next: null });
    const late = folder.open(false);
    // As their maker leaves them before the tables are there.
    writeFileSync(folder.path(`${view}.1.db`), '');
    expect(await reader.checkpoint(view)).toBeNull();
    await late.open({ name: view, indexes: ['n'] });
    await late.save(view, [write('a', 1)], at(1));
    expect(await bodyOf(reader, 'a')).toEqual({ n: 1 });
  });

  it('change to what a rebuild has put in place', async () => {
    const reader = folder.open(true);
    await writer.save(view, [write('a', 1)], at(1));
    expect(await bodyOf(reader, 'a')).toEqual({ n: 1 });
    const building = await writer.beginRebuild(view);
    await writer.save(building, [write('a', 2)], at(2));
    expect(await bodyOf(reader, 'a')).toEqual({ n: 1 });
    await writer.completeRebuild(view, building);
    expect(await bodyOf(reader, 'a')).toEqual({ n: 2 });
    await writer.save(view, [write('a', 3, 2)], at(3));
    expect(await bodyOf(reader, 'a')).toEqual({ n: 3 });
  });

  it('end when they are dropped, and begin anew', async () => {
    const reader = folder.open(true);
    await writer.save(view, [write('a', 1)], at(1));
    expect(await bodyOf(reader, 'a')).toEqual({ n: 1 });
    await writer.drop(view);
    await writer.open({ name: view, indexes: ['n'] });
    expect(await reader.checkpoint(view)).toBeNull();
    await writer.drop(view);
    expect(await bodyOf(reader, 'a')).toBeUndefined();
  });

  it('are not written', async () => {
    const reader = folder.open(true);
    await reader.open({ name: 'other', indexes: [] });
    expect(folder.databases()).toEqual([`${view}.1.db`]);
    await expect(reader.save(view, [], at(1))).rejects.toThrow(TypeError);
    await expect(reader.beginRebuild(view)).rejects.toThrow(TypeError);
    await expect(reader.drop(view)).rejects.toThrow(TypeError);
  });

  it('never go back or show half a batch while another thread writes and rebuilds them', async () => {
    const reader = folder.open(true);
    const worker = new Worker(
      `const { workerData } = require('node:worker_threads');
      const at = (position) => String(position).padStart(16, '0');
      import(workerData.built).then(async ({ EmbeddedReadStore }) => {
        const store = EmbeddedReadStore.open({ dataDir: workerData.dataDir });
        const { view } = workerData;
        await store.open({ name: view, indexes: ['n'] });
        let before = null;
        for (let round = 1; round <= 300; round++) {
          const writes = ['a', 'b'].map((key) => ({ key, position: at(round), body: { n: round }, readAt: before }));
          const rebuild = round % 10 === 0;
          const target = rebuild ? await store.beginRebuild(view) : view;
          if (rebuild) for (const write of writes) write.readAt = null;
          const movedOn = await store.save(target, writes, at(round));
          if (movedOn.length > 0 || (rebuild && !(await store.completeRebuild(view, target)))) process.exit(1);
          before = at(round);
        }
        await store.close();
      });`,
      { eval: true, workerData: { built, dataDir: folder.dataDir, view } },
    );
    let isRunning = true;
    const ended = once(worker, 'exit').finally(() => (isRunning = false));
    let last = '';
    try {
      while (isRunning) {
        const { items } = await reader.range(view, { field: 'key', limit: 2 });
        expect(new Set(items.map(({ body }) => (body as { n: number }).n)).size).toBeLessThan(2);
        const checkpoint = (await reader.checkpoint(view)) ?? '';
        expect(checkpoint >= last).toBe(true);
        last = checkpoint;
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      // Its files must not go before it does.
      expect(await ended).toEqual([0]);
    }
    expect(await reader.checkpoint(view)).toBe(at(300));
  }, 30_000);
});

describe('views with a second writer', () => {
  it('lose nothing to a rebuild that it does not know of', async () => {
    const rebuilder = folder.open(false);
    await writer.save(view, [write('a', 1)], at(1));
    const building = await rebuilder.beginRebuild(view);
    await rebuilder.save(building, [write('a', 1), write('b', 2)], at(2));
    await rebuilder.completeRebuild(view, building);
    expect(await writer.save(view, [write('a', 3, 1), write('b', 4, 2)], at(4))).toEqual([]);
    for (const store of [writer, rebuilder]) {
      expect([await bodyOf(store, 'a'), await bodyOf(store, 'b')]).toEqual([{ n: 3 }, { n: 4 }]);
    }
  });

  it('refuse to be replaced by a copy that it has left behind', async () => {
    const rebuilder = folder.open(false);
    const building = await rebuilder.beginRebuild(view);
    await rebuilder.save(building, [write('a', 1)], at(1));
    await writer.save(view, [write('a', 1), write('b', 2)], at(2));
    expect(await rebuilder.completeRebuild(view, building)).toBe(false);
    await rebuilder.save(building, [write('b', 2)], at(2));
    expect(await rebuilder.completeRebuild(view, building)).toBe(true);
  });

  it('lose nothing to rebuilds that another thread completes while they are written', async () => {
    await writer.save(view, [write('a', 1)], at(1));
    const worker = new Worker(
      `const { workerData } = require('node:worker_threads');
      import(workerData.built).then(async ({ EmbeddedReadStore }) => {
        const store = EmbeddedReadStore.open({ dataDir: workerData.dataDir });
        const { view } = workerData;
        for (let swaps = 0; swaps < 30; ) {
          const building = await store.beginRebuild(view);
          for (let done = false; !done; ) {
            // As a fold would end up: the same document, up to the same checkpoint.
            const { position, body } = await store.get(view, 'a');
            const before = (await store.get(building, 'a'))?.position ?? null;
            await store.save(building, [{ key: 'a', position, body, readAt: before }], position);
            done = await store.completeRebuild(view, building);
          }
          swaps++;
        }
        await store.close();
      });`,
      { eval: true, workerData: { built, dataDir: folder.dataDir, view } },
    );
    let isRunning = true;
    const ended = once(worker, 'exit').finally(() => (isRunning = false));
    let last = 1;
    try {
      for (; isRunning; last++) {
        expect(await writer.save(view, [write('a', last + 1, last)], at(last + 1))).toEqual([]);
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      // Its files must not go before it does.
      expect(await ended).toEqual([0]);
    }
    expect(await bodyOf(writer, 'a')).toEqual({ n: last });
  }, 60_000);
});
