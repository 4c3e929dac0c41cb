import { randomUUID } from 'node:crypto';

import { EsdbEventStore } from '../../../src/adapters/eventstoredb/event-store.js';
import { eventStoreContract, type OpenedEventStore } from '../../contracts/event-store.js';
import { StandIn } from '../../support/eventstoredb/stand-in.js';

eventStoreContract('EventStoreDB (a stand-in)', async () => {
  const server = await StandIn.start();
  return opened(server.connectionString, '', () => server.close());
});

eventStoreContract('EventStoreDB (a stand-in) with a prefix', async () => {
  const server = await StandIn.start();
  return opened(server.connectionString, `test-${randomUUID()}-`, () => server.close());
});

const url = process.env.EVENTSTOREDB_URL;
if (url === undefined) {
  test.todo('EventStoreDB as an EventStore: skipped, since EVENTSTOREDB_URL names no server');
} else {
  eventStoreContract('EventStoreDB', () => Promise.resolve(opened(url, `test-${randomUUID()}-`)));
}

function opened(url: string, streamPrefix: string, closeServer?: () => Promise<void>): OpenedEventStore {
  const stores: EsdbEventStore[] = [];
  const open = () => {
    const store = EsdbEventStore.open({ url, streamPrefix });
    stores.push(store);
    return store;
  };
  return {
    store: open(),
    reopen: () => Promise.resolve(open()),
    close: async () => {
      for (const store of stores) await store.close();
      await closeServer?.();
    },
  };
}
