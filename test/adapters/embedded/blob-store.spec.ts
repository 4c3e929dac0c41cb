import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EmbeddedBlobStore } from '../../../src/adapters/embedded/blob-store.js';
import { StoreUnavailable } from '../../../src/ports.js';
import { blobStoreContract } from '../../contracts/blob-store.js';

blobStoreContract('EmbeddedBlobStore in memory', async () => {
  const store = EmbeddedBlobStore.openInMemory();
  return { store, close: () => store.close() };
});

blobStoreContract('EmbeddedBlobStore in files', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'portcullis-blobs-'));
  const store = await EmbeddedBlobStore.open({ dataDir });
  return {
    store,
    close: async () => {
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
});

describe('EmbeddedBlobStore', () => {
  let dataDir: string;
  let store: EmbeddedBlobStore;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'portcullis-blobs-'));
    store = await EmbeddedBlobStore.open({ dataDir });
  });
  afterEach(async () => {
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const incoming = () => join(dataDir, 'blobs', 'incoming');
  const folderOf = (blob: string) => join(dataDir, 'blobs', blob.slice(0, 2));

  it('keeps blobs for this user alone, and nothing beside them', async () => {
    const blob = await store.put(Buffer.from('sealed'));
    expect((await stat(join(folderOf(blob), blob))).mode & 0o777).toBe(0o600);
    for (const folder of [join(dataDir, 'blobs'), incoming(), folderOf(blob)]) {
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
    }
    expect(await readdir(incoming())).toEqual([]);
    expect(await readdir(folderOf(blob))).toEqual([blob]);
  });

  it('finds them after a restart', async () => {
    const blob = await store.put(Buffer.from('sealed'));
    await store.close();
    store = await EmbeddedBlobStore.open({ dataDir });
    expect(Buffer.from((await store.get(blob))!).toString()).toBe('sealed');
  });

  it('mends a damaged blob when its bytes come again', async () => {
    const blob = await store.put(Buffer.from('sealed'));
    await writeFile(join(folderOf(blob), blob), 'dama');
    await store.put(Buffer.from('sealed'));
    expect(Buffer.from((await store.get(blob))!).toString()).toBe('sealed');
  });

  it('leaves nothing behind, and says so, when a blob cannot be stored', async () => {
    const blob = await store.put(Buffer.from('sealed'));
    await rm(folderOf(blob), { recursive: true });
    await writeFile(folderOf(blob), 'a file in the way of the folder');
    await expect(store.put(Buffer.from('sealed'))).rejects.toThrow(StoreUnavailable);
    expect(await readdir(incoming())).toEqual([]);
  });

  it('clears away, at its start, what a crash left on its way, and nothing that is still coming', async () => {
    await writeFile(join(incoming(), 'old'), 'half');
    await writeFile(join(incoming(), 'new'), 'half');
    const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1_000);
    await utimes(join(incoming(), 'old'), longAgo, longAgo);
    await EmbeddedBlobStore.open({ dataDir });
    expect(await readdir(incoming())).toEqual(['new']);
  });

  it('cannot be opened where no directory can be made', async () => {
    await writeFile(join(dataDir, 'file'), '');
    await expect(EmbeddedBlobStore.open({ dataDir: join(dataDir, 'file') })).rejects.toThrow(
      StoreUnavailable,
    );
    await mkdir(join(dataDir, 'other'));
    await expect(EmbeddedBlobStore.open({ dataDir: join(dataDir, 'other') })).resolves.toBeDefined();
  });
});
