import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EmbeddedReadStore } from '../../../src/adapters/embedded/view-store.js';
import { readStoreContract } from '../../contracts/read-store.js';

readStoreContract('EmbeddedReadStore in memory', async () => {
  const store = EmbeddedReadStore.openInMemory();
  return { store, close: () => store.close() };
});

readStoreContract('EmbeddedReadStore in files', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'portcullis-views-'));
  const store = EmbeddedReadStore.open({ dataDir });
  return {
    store,
    close: async () => {
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
});
