import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';

import { EsdbEventStore } from '../../../src/adapters/eventstoredb/event-store.js';
import { EventsNotKept } from '../../../src/adapters/eventstoredb/kept.js';
import { StoreUnavailable } from '../../../src/ports.js';
import { events } from '../../contracts/event-store-events.js';
import { StandIn } from '../../support/eventstoredb/stand-in.js';

let server: StandIn;
let operator: EventStoreDBClient;
let store: EsdbEventStore;
beforeEach(async () => {
  server = await StandIn.start();
  operator = EventStoreDBClient.connectionString(server.connectionString);
  store = EsdbEventStore.open({ url: server.connectionString, streamPrefix: 'ours-' });
  await store.append('mark', 'NoStream', events(5));
  await store.append('account-1', 'NoStream', events(5));
});
afterEach(async () => {
  await store.close();
  await operator.dispose();
  await server.close();
});

test('a log that nothing takes events from is kept, an empty one too', async () => {
  await expect(store.assertKept(['mark'])).resolves.toBeUndefined();
  const empty = EsdbEventStore.open({ url: server.connectionString, streamPrefix: 'empty-' });
  await expect(empty.assertKept(['mark'])).resolves.toBeUndefined();
  await empty.close();
});

test.each([
  ['maxAge', { maxAge: 3_600 }],
  ['maxCount', { maxCount: 1_000 }],
  ['truncateBefore', { truncateBefore: 1 }],
])('a stream with %s is refused, by name', async (setting, metadata) => {
  await operator.setStreamMetadata('ours-account-1', metadata);
  await expect(store.assertKept()).rejects.toThrow(EventsNotKept);
  await expect(store.assertKept()).rejects.toThrow(`ours-account-1 has the setting ${setting}`);
  await operator.setStreamMetadata('ours-account-1', {});
  await expect(store.assertKept()).resolves.toBeUndefined();
});

test('so is a setting of $all', async () => {
  await operator.setStreamMetadata('$all', { maxAge: 3_600 });
  await expect(store.assertKept()).rejects.toThrow('$all has the setting maxAge');
});

test('so is a deleted stream', async () => {
  await operator.deleteStream('ours-account-1');
  await expect(store.assertKept()).rejects.toThrow('ours-account-1');
});

test('settings of streams that are not ours are theirs', async () => {
  await operator.appendToStream('theirs-1', [jsonEvent({ type: 'Theirs', data: {} })]);
  await operator.setStreamMetadata('theirs-1', { maxCount: 1 });
  await operator.setStreamMetadata('$stats-1', { maxCount: 1 });
  await expect(store.assertKept()).resolves.toBeUndefined();
});

test('a setting of a named stream is found, however long ago it was made', async () => {
  const others = async () => {
    const theirs = Array.from({ length: 200 }, () => jsonEvent({ type: 'Theirs', data: {} }));
    for (let n = 0; n < 5; n++)
      await operator.appendToStream(
        'theirs-1',
        theirs.map((e) => ({ ...e, id: randomUUID() })),
      );
  };
  await others();
  await operator.setStreamMetadata('ours-mark', { maxCount: 1_000 });
  await others();
  await expect(store.assertKept()).resolves.toBeUndefined();
  await expect(store.assertKept(['mark'])).rejects.toThrow('ours-mark');
});

test('it says when the server is away', async () => {
  await server.kill();
  await expect(store.assertKept()).rejects.toThrow(StoreUnavailable);
});
