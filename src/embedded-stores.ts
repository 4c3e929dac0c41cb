import { EmbeddedBlobStore } from './adapters/embedded/blob-store.js';
import { EmbeddedEventStore } from './adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from './adapters/embedded/key-store.js';
import { EmbeddedReadStore } from './adapters/embedded/view-store.js';
import type { Stores, WorkerUrls } from './stores.js';

/** Nothing is kept beyond the process. */
export function openMemoryStores(): Stores {
  const events = EmbeddedEventStore.openInMemory();
  const keys = EmbeddedKeyStore.openInMemory();
  const blobs = EmbeddedBlobStore.openInMemory();
  const views = EmbeddedReadStore.openInMemory();
  const close = async () => {
    for (const store of [views, blobs, keys, events]) await store.close();
  };
  return { events, keys, blobs, views, checkpoints: views, dataDir: null, shared: null, close };
}

/** The files of a DATA_DIR, for one service alone. Throws `DataDirectoryInUse`. */
export async function openEmbeddedStores(dataDir: string, urls: WorkerUrls): Promise<Stores> {
  const opened: { close(): Promise<void> }[] = [];
  const kept = <T extends { close(): Promise<void> }>(store: T): T => {
    opened.unshift(store);
    return store;
  };
  const close = async () => {
    for (const store of opened) await store.close();
  };
  try {
    // First, since it is what keeps the folder to one service.
    const events = kept(
      await EmbeddedEventStore.open({ dataDir, ...(urls.logWriter && { writerUrl: urls.logWriter }) }),
    );
    const keys = kept(
      await EmbeddedKeyStore.open({ dataDir, ...(urls.keyWriter && { writerUrl: urls.keyWriter }) }),
    );
    const blobs = kept(await EmbeddedBlobStore.open({ dataDir }));
    const views = kept(EmbeddedReadStore.open({ dataDir, readOnly: true }));
    const checkpoints = kept(EmbeddedReadStore.open({ dataDir }));
    return { events, keys, blobs, views, checkpoints, dataDir, shared: null, close };
  } catch (error) {
    await close();
    throw error;
  }
}
