import { EmbeddedBlobStore } from './adapters/embedded/blob-store.js';
import { EmbeddedEventStore } from './adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from './adapters/embedded/key-store.js';
import { EmbeddedReadStore } from './adapters/embedded/view-store.js';
import type { Config } from './config.js';
import type { Allowances } from './adapters/client-limits.js';
import type { BlobStore, ClientLimits, Clock, EventStore, KeyStore, Leases, ReadStore } from './ports.js';

/** Everything that is kept, opened. */
export interface Stores {
  readonly events: EventStore;
  readonly keys: KeyStore;
  readonly blobs: BlobStore;
  /** What queries read. */
  readonly views: ReadStore;
  /** Where reactions keep their checkpoints; on files another connection than that for queries, which cannot write. */
  readonly checkpoints: ReadStore;
  /** The folder of files that a projection thread opens by itself; null where there is none. */
  readonly dataDir: string | null;
  /** What several instances need besides; null where one service has the stores to itself. */
  readonly shared: SharedParts | null;
  /** Closes everything, in order. */
  close(): Promise<void>;
}

export interface SharedParts {
  readonly leases: Leases;
  readonly limits: (allowances: Allowances, clock: Clock) => ClientLimits;
}

/** Where built worker threads are, for those who do not run built code. */
export interface WorkerUrls {
  readonly logWriter?: URL;
  readonly keyWriter?: URL;
  readonly projections?: URL;
}

/** Throws `DataDirectoryInUse` where another service has the folder. */
export async function openStores(
  config: Pick<Config, 'EVENT_STORE_URL' | 'DATA_DIR'>,
  urls: WorkerUrls = {},
): Promise<Stores> {
  return config.EVENT_STORE_URL === ':memory:' ? inMemory() : onFiles(config.DATA_DIR, urls);
}

function inMemory(): Stores {
  const events = EmbeddedEventStore.openInMemory();
  const keys = EmbeddedKeyStore.openInMemory();
  const blobs = EmbeddedBlobStore.openInMemory();
  const views = EmbeddedReadStore.openInMemory();
  const close = async () => {
    for (const store of [views, blobs, keys, events]) await store.close();
  };
  return { events, keys, blobs, views, checkpoints: views, dataDir: null, shared: null, close };
}

async function onFiles(dataDir: string, urls: WorkerUrls): Promise<Stores> {
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
