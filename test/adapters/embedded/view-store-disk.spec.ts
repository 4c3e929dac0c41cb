import { DatabaseSync } from '@photostructure/sqlite';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

import type { EmbeddedReadStore } from '../../../src/adapters/embedded/view-store.js';
import { StoreUnavailable } from '../../../src/ports.js';
import { at, bodyOf, built, view, write, ViewFolder } from './view-folder.js';

let folder: ViewFolder;
let writer: EmbeddedReadStore;

beforeEach(async () => {
  folder = new ViewFolder();
  writer = folder.open(false);
  await writer.open({ name: view, indexes: ['n'] });
});
afterEach(() => folder.remove());

describe('views on the disk', () => {
  it('are for this user alone', async () => {
    await writer.save(view, [write('a', 1)], at(1));
    await writer.beginRebuild(view);
    expect(statSync(folder.views).mode & 0o777).toBe(0o700);
    expect(folder.files().length).toBeGreaterThan(3);
    for (const file of folder.files()) expect(statSync(folder.path(file)).mode & 0o777).toBe(0o600);
  });

  it('take all of a batch or nothing', async () => {
    await writer.save(view, [write('a', 1)], at(1));
    const batch = [write('a', 2, 1), write('b', 2, undefined, { n: 1n })];
    await expect(writer.save(view, batch, at(2))).rejects.toThrow(TypeError);
    expect([await bodyOf(writer, 'a'), await writer.checkpoint(view)]).toEqual([{ n: 1 }, at(1)]);
    expect(await writer.save(view, [write('a', 3, 1)], at(3))).toEqual([]);
  });

  it('are one live database a view, also after rebuilds', async () => {
    for (const round of [1, 2, 3]) {
      const building = await writer.beginRebuild(view);
      await writer.save(building, [write('a', round)], at(round));
      expect(folder.databases()).toEqual([`${view}.${round}.db`, `${building}.db`].sort());
      await writer.completeRebuild(view, building);
      expect(folder.databases()).toEqual([`${view}.${round + 1}.db`]);
    }
    expect(folder.files().filter((file) => !file.startsWith(`${view}.4.db`))).toEqual([]);
  });

  it('are whole after a rebuild: as sound as before, in WAL mode, with all indexes', async () => {
    const indexes = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name";
    const live = new DatabaseSync(folder.path(folder.databases()[0]!), { readOnly: true });
    const wanted = live.prepare(indexes).all();
    live.close();
    const building = await writer.beginRebuild(view);
    await writer.save(building, [write('a', 1)], at(1));
    await writer.completeRebuild(view, building);
    const db = new DatabaseSync(folder.path(folder.databases()[0]!), { readOnly: true });
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(db.prepare(indexes).all()).toEqual(wanted);
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    db.close();
  });

  it('keep nothing of what a document no longer says', async () => {
    const secret = (n: number) => `secret-${n}-`.repeat(20);
    const name = (n: number) => `key-${n}`;
    const many = Array.from({ length: 200 }, (_, n) => n);
    const building = await writer.beginRebuild(view);
    for (const target of [view, building]) {
      await writer.save(
        target,
        many.map((n) => write(name(n), 1, undefined, { n: secret(n) })),
        at(1),
      );
      await writer.save(
        target,
        many.map((n) => write(name(n), 2, 1, { n })),
        at(2),
      );
    }
    const file = folder.path(`${view}.1.db`);
    const db = new DatabaseSync(file);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    expect(many.filter((n) => readFileSync(file).includes(secret(n)))).toEqual([]);
    await writer.completeRebuild(view, building);
    const rebuilt = folder.path(`${view}.2.db`);
    expect(many.filter((n) => readFileSync(rebuilt).includes(secret(n)))).toEqual([]);
  });

  it('lose, at the next opening, what crashes have left of copies and older generations', async () => {
    await writer.save(view, [write('a', 1)], at(1));
    copyFileSync(folder.path(`${view}.1.db`), folder.path(`${view}.building-00000000.db`));
    for (const file of [`${view}.1.db`, `${view}.1.db-wal`]) {
      copyFileSync(folder.path(file), folder.path(file.replace('.1.', '.2.')));
    }
    writeFileSync(folder.path('other-view.building-00000000.db'), '');
    await writer.open({ name: view, indexes: ['n'] });
    expect(folder.databases()).toEqual([`${view}.2.db`, 'other-view.building-00000000.db'].sort());
    expect(await bodyOf(writer, 'a')).toEqual({ n: 1 });
  });

  it('are unavailable when damaged, and mended by dropping', async () => {
    await writer.drop(view);
    writeFileSync(folder.path(`${view}.1.db`), 'this is no database. '.repeat(100));
    await expect(writer.open({ name: view, indexes: [] })).rejects.toThrow(StoreUnavailable);
    await expect(folder.open(true).get(view, 'a')).rejects.toThrow(StoreUnavailable);
    await writer.drop(view);
    await writer.open({ name: view, indexes: [] });
    expect(await writer.save(view, [write('a', 1)], at(1))).toEqual([]);
  });

  it('hold whole batches with their checkpoint, whenever the process is killed', async () => {
    for (const batches of [1, 3, 8]) {
      const child = spawn(process.execPath, [
        '--input-type=module',
        '--eval',
        `const { EmbeddedReadStore } = await import(${JSON.stringify(built)});
        const store = EmbeddedReadStore.open({ dataDir: ${JSON.stringify(folder.dataDir)} });
        const view = ${JSON.stringify(view)};
        await store.open({ name: view, indexes: ['n'] });
        const at = (position) => String(position).padStart(16, '0');
        for (let next = Number(await store.checkpoint(view)) + 1; ; next++) {
          const keys = Array.from({ length: 500 }, (_, n) => 'key-' + n);
          const found = await store.load(view, keys);
          const writes = keys.map((key) =>
            ({ key, position: at(next), body: { n: next }, readAt: found.get(key)?.position ?? null }));
          await store.save(view, writes, at(next));
          console.log(next);
        }`,
      ]);
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      for (let batch = 0; batch < batches; batch++) await lines.next();
      child.kill('SIGKILL');
      await once(child, 'close');
      const reader = folder.open(true);
      const checkpoint = await reader.checkpoint(view);
      const found = await reader.load(
        view,
        Array.from({ length: 500 }, (_, n) => `key-${n}`),
      );
      expect(found.size).toBe(500);
      expect(new Set([...found.values()].map(({ position }) => position))).toEqual(new Set([checkpoint]));
    }
  }, 30_000);
});
