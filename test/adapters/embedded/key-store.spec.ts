import { DatabaseSync } from '@photostructure/sqlite';
import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { KeyDatabase } from '../../../src/adapters/embedded/key-database.js';
import { EmbeddedKeyStore } from '../../../src/adapters/embedded/key-store.js';
import { StoreUnavailable, type WrappedKey } from '../../../src/ports.js';
import { keyStoreContract } from '../../contracts/key-store.js';

// Jest cannot run TypeScript in a worker thread.
const writerUrl = new URL('../../../dist/adapters/embedded/key-writer.js', import.meta.url);
const newDirectory = (): string => mkdtempSync(join(tmpdir(), 'portcullis-keys-'));

keyStoreContract('EmbeddedKeyStore in memory', async () => {
  const store = EmbeddedKeyStore.openInMemory();
  return { store, close: () => store.close() };
});

keyStoreContract('EmbeddedKeyStore in a file', async () => {
  const dataDir = newDirectory();
  const store = await EmbeddedKeyStore.open({ dataDir, writerUrl });
  return {
    store,
    close: async () => {
      await store.close();
      rmSync(dataDir, { recursive: true });
    },
  };
});

describe('EmbeddedKeyStore', () => {
  let dataDir: string;
  let store: EmbeddedKeyStore;

  beforeEach(async () => {
    dataDir = newDirectory();
    store = await EmbeddedKeyStore.open({ dataDir, writerUrl });
  });
  afterEach(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });

  const keyFor = (person: string): WrappedKey => ({ person, masterKeyId: 'm1', wrapped: randomBytes(60) });
  const filesHold = (bytes: Uint8Array): boolean =>
    ['keys.db', 'keys.db-wal']
      .map((file) => join(dataDir, file))
      .some((file) => existsSync(file) && readFileSync(file).includes(Buffer.from(bytes)));

  it('keeps keys and erasures over a restart', async () => {
    const key = keyFor('ana');
    await store.putIfAbsent(key);
    await store.destroy('bo');
    await store.close();
    store = await EmbeddedKeyStore.open({ dataDir, writerUrl });
    expect((await store.find(['ana'])).get('ana')).toEqual({ ...key, wrapped: new Uint8Array(key.wrapped) });
    expect(await store.putIfAbsent(keyFor('bo'))).toBeNull();
  });

  it('has each commit on the disk before it is told of, and overwrites what it deletes, on every connection', () => {
    const file = join(dataDir, 'others.db');
    for (const keys of [new KeyDatabase(file), new KeyDatabase(file)]) {
      const setting = (name: string) => keys.connection.prepare(`PRAGMA ${name}`).get();
      expect(setting('synchronous')).toEqual({ synchronous: 2 });
      expect(setting('journal_mode')).toEqual({ journal_mode: 'wal' });
      expect(setting('secure_delete')).toEqual({ secure_delete: 1 });
      keys.close();
    }
  });

  it('keeps its files for this user alone', async () => {
    await store.putIfAbsent(keyFor('ana'));
    for (const file of ['keys.db', 'keys.db-wal', 'keys.db-shm']) {
      expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
    }
  });

  it('leaves no byte of a destroyed key in its files', async () => {
    const keys = Array.from({ length: 500 }, (_, n) => keyFor(`person-${(n * 7919) % 500}`));
    await Promise.all(keys.map((key) => store.putIfAbsent(key)));
    const [kept, ...destroyed] = keys.slice(0, 50) as [WrappedKey, ...WrappedKey[]];
    expect(destroyed.filter(({ wrapped }) => filesHold(wrapped))).toHaveLength(49);
    await Promise.all(destroyed.map(({ person }) => store.destroy(person)));
    expect(destroyed.filter(({ wrapped }) => filesHold(wrapped.subarray(0, 16)))).toEqual([]);
    expect(filesHold(kept.wrapped)).toBe(true);
  });

  it('destroys a key that a reader still looks at, and sweeps its remains once the reader is done', async () => {
    const key = keyFor('ana');
    await store.putIfAbsent(key);
    const reader = new DatabaseSync(join(dataDir, 'keys.db'), { readOnly: true });
    reader.exec('BEGIN; SELECT * FROM keys');
    expect(await store.destroy('ana')).toBe(true);
    expect(await store.find(['ana'])).toEqual(new Map());
    expect(filesHold(key.wrapped)).toBe(true);
    reader.exec('COMMIT');
    reader.close();
    while (filesHold(key.wrapped)) await new Promise((resolve) => setTimeout(resolve, 50));
  }, 30_000);

  it('is read beside its writer, and only read', async () => {
    const reader = EmbeddedKeyStore.openReadOnly(dataDir);
    const key = keyFor('ana');
    await store.putIfAbsent(key);
    expect([...(await reader.find(['ana'])).keys()]).toEqual(['ana']);
    await store.destroy('ana');
    expect(await reader.find(['ana'])).toEqual(new Map());
    await expect(reader.putIfAbsent(keyFor('bo'))).rejects.toThrow(TypeError);
    await reader.close();
  });

  it('has all keys in the one file once it was closed', async () => {
    await store.putIfAbsent(keyFor('ana'));
    await store.close();
    const other = newDirectory();
    copyFileSync(join(dataDir, 'keys.db'), join(other, 'keys.db'));
    const copy = EmbeddedKeyStore.openReadOnly(other);
    expect([...(await copy.find(['ana'])).keys()]).toEqual(['ana']);
    await copy.close();
    rmSync(other, { recursive: true });
  });

  it('cannot be opened without keys to read, or on what are no keys', async () => {
    const other = newDirectory();
    expect(() => EmbeddedKeyStore.openReadOnly(other)).toThrow(StoreUnavailable);
    writeFileSync(join(other, 'keys.db'), 'this is no database. '.repeat(100));
    expect(() => EmbeddedKeyStore.openReadOnly(other)).toThrow(StoreUnavailable);
    await expect(EmbeddedKeyStore.open({ dataDir: other, writerUrl })).rejects.toThrow(StoreUnavailable);
    rmSync(other, { recursive: true });
  });

  it('answers by its deadline, and the change that comes late is safe to repeat', async () => {
    await store.close();
    store = await EmbeddedKeyStore.open({ dataDir, writerUrl, deadlineMs: 100 });
    const other = new DatabaseSync(join(dataDir, 'keys.db'));
    other.exec('BEGIN IMMEDIATE');
    const key = keyFor('ana');
    await expect(store.putIfAbsent(key)).rejects.toThrow(StoreUnavailable);
    other.exec('ROLLBACK');
    other.close();
    let again: WrappedKey | null = null;
    while (again === null) {
      again = await store.putIfAbsent(keyFor('ana')).catch((error: unknown) => {
        if (!(error instanceof StoreUnavailable)) throw error;
        return null;
      });
    }
    expect(Buffer.from(again.wrapped)).toEqual(key.wrapped);
  });

  it('makes what it was asked to before it closes', async () => {
    const putting = Array.from({ length: 100 }, (_, n) => store.putIfAbsent(keyFor(`person-${n}`)));
    await store.close();
    expect(await Promise.all(putting)).toHaveLength(100);
    const reader = EmbeddedKeyStore.openReadOnly(dataDir);
    expect(await reader.list(null, 1_000)).toHaveLength(100);
    await reader.close();
  });

  it('refuses what it cannot queue', async () => {
    const putting = Array.from({ length: 5_000 }, (_, n) => store.putIfAbsent(keyFor(`person-${n}`)));
    const outcomes = await Promise.allSettled(putting);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(5_000 - 4_096);
    expect((refused[0] as PromiseRejectedResult).reason).toBeInstanceOf(StoreUnavailable);
  });
});
