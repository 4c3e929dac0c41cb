import { isShared, type Config } from './config.js';
import { openEmbeddedStores, openMemoryStores } from './embedded-stores.js';
import type { Report } from './engine/follower.js';
import type { Stores, WorkerUrls } from './stores.js';

/** Throws `DataDirectoryInUse` where another service has the folder, and what `openSharedStores` throws. */
export async function openStores(
  config: Pick<Config, 'EVENT_STORE_URL' | 'EVENT_STORE_PREFIX' | 'READ_STORE_URL' | 'DATA_DIR'>,
  { urls = {}, report }: { readonly urls?: WorkerUrls; readonly report?: Report } = {},
): Promise<Stores> {
  // Their drivers take a while to load, and most have no use for them.
  if (isShared(config)) return (await import('./shared-stores.js')).openSharedStores(config, report);
  if (config.EVENT_STORE_URL === ':memory:') return openMemoryStores();
  return openEmbeddedStores(config.DATA_DIR, urls);
}
