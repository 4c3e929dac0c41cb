import { DatabaseSync } from '@photostructure/sqlite';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';

import { EmbeddedReadStore } from '../../../src/adapters/embedded/view-store.js';
import { rangeStatement } from '../../../src/adapters/embedded/view-store-range.js';
import { checkedRange } from '../../../src/adapters/view-range.js';
import { StoreUnavailable, type ViewRange, type ViewWrite } from '../../../src/ports.js';

const built = new URL('../../../dist/adapters/embedded/view-store.js', import.meta.url).href;
const view = 'account-view-1';
const at = (position: number): string => String(position).padStart(16, '0');
const write = (
  key: string,
  position: number,
  readAt?: number,
  body: object = { n: position },
): ViewWrite => ({
  key,
  position: at(position),
  body,
  readAt: readAt === undefined ? null : at(readAt),
});

describe('EmbeddedReadStore in files', () => {
  let dataDir: string;
  let writer: EmbeddedReadStore;
  const opened: EmbeddedReadStore[] = [];
  const another = (readOnly: boolean): EmbeddedReadStore => {
    opened.push(EmbeddedReadStore.open({ dataDir, readOnly }));
    return opened.at(-1)!;
  };

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'portcullis-views-'));
    writer = another(false);
    await writer.open({ name: view, indexes: ['n'] });
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    rmSync(dataDir, { recursive: true });
  });

  const files = (): string[] => readdirSync(join(dataDir, 'views')).sort();
  const databases = (): string[] => files().filter((file) => file.endsWith('.db'));
  const bodyOf = async (store: EmbeddedReadStore, key: string) => (await store.get(view, key))?.body;

  describe('read beside their writer', () => {
    it('show what was written at once', async () => {
      const reader = another(true);
      await writer.save(view, [write('a', 1)], at(1));
      expect(await bodyOf(reader, 'a')).toEqual({ n: 1 });
      await writer.save(view, [write('a', 2, 1)], at(2));
      expect(await bodyOf(reader, 'a')).toEqual({ n: 2 });
      expect(await reader.checkpoint(view)).toBe(at(2));
    });

    it('are empty until they are made', async () => {
      rmSync(join(dataDir, 'views'), { recursive: true });
      const reader = another(true);
      expect(await reader.range(view, { field: 'n', limit: 1 })).toEqual({ items: [], next: null });
      const late = another(false);
      // As their maker leaves them before the tables are there.
      writeFileSync(join(dataDir, 'views', `${view}.1.db`), '');
      expect(await reader.checkpoint(view)).toBeNull();
      await late.open({ name: view, indexes: ['n'] });
      await late.save(view, [write('a', 1)], at(1));
      expect(await bodyOf(reader, 'a')).toEqual({ n: 1 });
    });

    it('change to what a rebuild has put in place', async () => {
      const reader = another(true);
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
      const reader = another(true);
      await writer.save(view, [write('a', 1)], at(1));
      expect(await bodyOf(reader, 'a')).toEqual({ n: 1 });
      await writer.drop(view);
      await writer.open({ name: view, indexes: ['n'] });
      expect(await reader.checkpoint(view)).toBeNull();
      await writer.drop(view);
      expect(await bodyOf(reader, 'a')).toBeUndefined();
    });

    it('are not written', async () => {
      const reader = another(true);
      await reader.open({ name: 'other', indexes: [] });
      expect(databases()).toEqual([`${view}.1.db`]);
      await expect(reader.save(view, [], at(1))).rejects.toThrow(TypeError);
      await expect(reader.beginRebuild(view)).rejects.toThrow(TypeError);
      await expect(reader.drop(view)).rejects.toThrow(TypeError);
    });

    it('never go back or show half a batch while another thread writes and rebuilds them', async () => {
      const reader = another(true);
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
        { eval: true, workerData: { built, dataDir, view } },
      );
      const ended = once(worker, 'exit');
      let last = '';
      while (last < at(300)) {
        const { items } = await reader.range(view, { field: 'key', limit: 2 });
        expect(new Set(items.map(({ body }) => (body as { n: number }).n)).size).toBeLessThan(2);
        const checkpoint = (await reader.checkpoint(view)) ?? '';
        expect(checkpoint >= last).toBe(true);
        last = checkpoint;
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await ended).toEqual([0]);
    }, 30_000);
  });

  describe('with a second writer', () => {
    it('lose nothing to a rebuild that it does not know of', async () => {
      const rebuilder = another(false);
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
      const rebuilder = another(false);
      const building = await rebuilder.beginRebuild(view);
      await rebuilder.save(building, [write('a', 1)], at(1));
      await writer.save(view, [write('a', 1), write('b', 2)], at(2));
      expect(await rebuilder.completeRebuild(view, building)).toBe(false);
      await rebuilder.save(building, [write('b', 2)], at(2));
      expect(await rebuilder.completeRebuild(view, building)).toBe(true);
    });
  });

  describe('on the disk', () => {
    it('are for this user alone', async () => {
      await writer.save(view, [write('a', 1)], at(1));
      await writer.beginRebuild(view);
      expect(statSync(join(dataDir, 'views')).mode & 0o777).toBe(0o700);
      expect(files().length).toBeGreaterThan(3);
      for (const file of files()) expect(statSync(join(dataDir, 'views', file)).mode & 0o777).toBe(0o600);
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
        expect(databases()).toEqual([`${view}.${round}.db`, `${building}.db`].sort());
        await writer.completeRebuild(view, building);
        expect(databases()).toEqual([`${view}.${round + 1}.db`]);
      }
      expect(files().filter((file) => !file.startsWith(`${view}.4.db`))).toEqual([]);
    });

    it('are whole, and in WAL mode, after a rebuild', async () => {
      const building = await writer.beginRebuild(view);
      await writer.save(building, [write('a', 1)], at(1));
      await writer.completeRebuild(view, building);
      const db = new DatabaseSync(join(dataDir, 'views', databases()[0]!), { readOnly: true });
      expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
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
      const file = join(dataDir, 'views', `${view}.1.db`);
      const db = new DatabaseSync(file);
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      db.close();
      expect(many.filter((n) => readFileSync(file).includes(secret(n)))).toEqual([]);
      await writer.completeRebuild(view, building);
      const rebuilt = join(dataDir, 'views', `${view}.2.db`);
      expect(many.filter((n) => readFileSync(rebuilt).includes(secret(n)))).toEqual([]);
    });

    it('lose, at the next opening, what crashes have left of copies and older generations', async () => {
      await writer.save(view, [write('a', 1)], at(1));
      const folder = join(dataDir, 'views');
      copyFileSync(join(folder, `${view}.1.db`), join(folder, `${view}.building-00000000.db`));
      for (const file of [`${view}.1.db`, `${view}.1.db-wal`]) {
        copyFileSync(join(folder, file), join(folder, file.replace('.1.', '.2.')));
      }
      writeFileSync(join(folder, 'other-view.building-00000000.db'), '');
      await writer.open({ name: view, indexes: ['n'] });
      expect(databases()).toEqual([`${view}.2.db`, 'other-view.building-00000000.db'].sort());
      expect(await bodyOf(writer, 'a')).toEqual({ n: 1 });
    });

    it('are unavailable when damaged, and mended by dropping', async () => {
      await writer.drop(view);
      writeFileSync(join(dataDir, 'views', `${view}.1.db`), 'this is no database. '.repeat(100));
      await expect(writer.open({ name: view, indexes: [] })).rejects.toThrow(StoreUnavailable);
      await expect(another(true).get(view, 'a')).rejects.toThrow(StoreUnavailable);
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
          const store = EmbeddedReadStore.open({ dataDir: ${JSON.stringify(dataDir)} });
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
        const reader = another(true);
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

  describe('asked for a range', () => {
    const plansOf = (range: ViewRange): string => {
      const db = new DatabaseSync(join(dataDir, 'views', databases()[0]!), { readOnly: true });
      const { sql, values } = rangeStatement(checkedRange(range));
      const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[];
      db.close();
      return steps.map(({ detail }) => detail).join('; ');
    };
    const cursorOf = (range: ViewRange, value: string | number, key: string): string =>
      Buffer.from(JSON.stringify([range.field, range.descending, value, key])).toString('base64url');

    const bounds = [{}, { from: 'b' }, { to: 'd' }, { from: 'b', to: 'd' }];
    const ranges = ['n', 'key'].flatMap((field) =>
      bounds.flatMap((bound) =>
        [false, true].map((descending): ViewRange => ({ field, ...bound, descending, limit: 10 })),
      ),
    );

    it.each(ranges)('search by an index, already in order: %j', (range) => {
      const index = range.field === 'key' ? 'sqlite_autoindex_documents_1' : 'by_field_n';
      expect(plansOf(range)).toMatch(new RegExp(`^S(EARCH|CAN) documents USING INDEX ${index}( \\(.*\\))?$`));
    });

    it.each(ranges)('go straight to the place of a cursor: %j', (range) => {
      const cursor = cursorOf(range, 'c', 'c');
      const place = range.field === 'key' ? 'key' : '(field_n,key)';
      const beyond = range.descending ? '<' : '>';
      const search = `${place}${beyond}${range.field === 'key' ? '?' : '(?,?)'}`;
      expect(plansOf({ ...range, cursor })).toContain(search);
      expect(plansOf({ ...range, cursor })).not.toMatch(/SCAN|TEMP B-TREE/);
    });
  });
});
