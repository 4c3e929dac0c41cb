import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DataDirectoryInUse, DataLock } from '../../../src/adapters/embedded/data-lock.js';
import { EmbeddedEventStore } from '../../../src/adapters/embedded/event-store.js';
import { events } from '../../contracts/event-store-events.js';

const writerUrl = new URL('../../../dist/adapters/embedded/log-writer.js', import.meta.url);
const lockModule = new URL('../../../dist/adapters/embedded/data-lock.js', import.meta.url).href;

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'portcullis-lock-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

/** Takes the lock in another process: 'taken', or the error. */
const takeElsewhere = (): string =>
  execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { DataLock } from ${JSON.stringify(lockModule)};
       try { DataLock.take(process.argv[1]); console.log('taken'); } catch (error) { console.log(String(error)); }`,
      dataDir,
    ],
    { encoding: 'utf8' },
  ).trim();

describe('A data directory', () => {
  test('belongs to one store; the second is told where and what to do', async () => {
    const store = await EmbeddedEventStore.open({ dataDir, writerUrl });
    const second = EmbeddedEventStore.open({ dataDir, writerUrl });
    await expect(second).rejects.toThrow(DataDirectoryInUse);
    await expect(second).rejects.toThrow(
      `${dataDir} is in use by another running Portcullis. Stop that one first, or set DATA_DIR to another directory.`,
    );
    await store.append('account-1', 'NoStream', events(1));
    await store.close();
    await (await EmbeddedEventStore.open({ dataDir, writerUrl })).close();
  });

  test('is refused to another process too, even after a refusal in this one', () => {
    const lock = DataLock.take(dataDir);
    expect(() => DataLock.take(dataDir)).toThrow(DataDirectoryInUse);
    expect(takeElsewhere()).toContain('DataDirectoryInUse');
    lock.release();
    expect(takeElsewhere()).toBe('taken');
  });

  test('is free again after a store that failed to open', async () => {
    // A directory where the log should be.
    mkdirSync(join(dataDir, 'log.db'));
    await expect(EmbeddedEventStore.open({ dataDir, writerUrl })).rejects.toThrow();
    DataLock.take(dataDir).release();
  });

  test("is made where it is missing, and is its user's alone, whatever the umask", async () => {
    const umask = process.umask(0);
    try {
      const nested = join(dataDir, 'a', 'b');
      const store = await EmbeddedEventStore.open({ dataDir: nested, writerUrl });
      await store.append('account-1', 'NoStream', events(1));
      expect([modeOf(join(dataDir, 'a')), modeOf(nested)]).toEqual(['700', '700']);
      const files = readdirSync(nested).sort();
      expect(files).toEqual(['lock.db', 'log.db', 'log.db-shm', 'log.db-wal']);
      expect(files.map((file) => modeOf(join(nested, file)))).toEqual(['600', '600', '600', '600']);
      await store.close();
    } finally {
      process.umask(umask);
    }
  });

  test('that stood open to others is closed to them', () => {
    chmodSync(dataDir, 0o755);
    DataLock.take(dataDir).release();
    expect(modeOf(dataDir)).toBe('700');
  });
});
