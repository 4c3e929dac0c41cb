import { EventStoreDBClient } from '@eventstore/db-client';

import { EsdbEventStore } from '../../../src/adapters/eventstoredb/event-store.js';
import { event, events, newStream, streamOf } from '../../contracts/event-store-events.js';
import { StandIn } from '../../support/eventstoredb/stand-in.js';

let server: StandIn;
let store: EsdbEventStore;
beforeEach(async () => {
  server = await StandIn.start();
  store = EsdbEventStore.open({ url: server.connectionString });
});
afterEach(async () => {
  await store.close();
  await server.close();
});

test.each([
  ['as JSON.stringify writes it', '{"b":1,"a":[null,true,1e+30]}'],
  ['with spaces', '{ "a" : 1 }\n'],
  ['with numbers written in another way', '{"a":1.0,"b":1e3,"c":-0}'],
  ['with numbers that no double holds', '{"a":12345678901234567890}'],
  ['with keys that an object would reorder', '{"b":1,"10":1,"9":1}'],
  ['with one key twice', '{"a":1,"a":2}'],
  ['with escapes', '{"a":"\\u00e9\\/\\ud800"}'],
  ['with a key of objects', '{"__proto__":{"a":1}}'],
  ['that is no object', '"text"'],
  ['that is nothing', 'null'],
])('a JSON text %s comes back byte for byte, as data and as metadata', async (_, json) => {
  const stream = newStream();
  const given = { ...event(), data: json, metadata: json };
  const { position } = await store.append(stream, 'NoStream', [given]);
  const recorded = { ...given, stream, revision: 0, position };
  expect(await streamOf(store, stream)).toEqual([recorded]);
  expect(await store.readLog(null, 10)).toEqual([recorded]);
  for await (const batch of store.follow(null, new AbortController().signal)) {
    expect(batch).toEqual([recorded]);
    break;
  }
});

test('what the codec writes is JSON on the server too', async () => {
  const stream = newStream();
  await store.append(stream, 'NoStream', [event('Tested', { n: 1 })]);
  const client = EventStoreDBClient.connectionString(server.connectionString);
  for await (const { event: stored } of client.readStream(stream)) {
    expect(stored).toMatchObject({ isJson: true, data: { n: 1 }, metadata: { at: 1 } });
  }
  await client.dispose();
});

test('positions are 20 digits', async () => {
  expect((await store.append(newStream(), 'NoStream', events(2))).position).toMatch(/^\d{20}$/);
});

test('a server that tells no positions in streams is refused by a sentence', async () => {
  const old = await StandIn.start({ log: server.log, positionsInStreams: false });
  const onOld = EsdbEventStore.open({ url: old.connectionString });
  await store.append('account-1', 'NoStream', events(1));
  await expect(onOld.readStream('account-1', 0, 1)).rejects.toThrow('EventStoreDB 22.10 or later is needed');
  await onOld.close();
  await old.close();
});

test('with a prefix, the log is that of its streams, however many others there are', async () => {
  const prefixed = EsdbEventStore.open({ url: server.connectionString, streamPrefix: 'ours-' });
  expect(await prefixed.head()).toBeNull();
  const [first, last] = [newStream(), newStream()];
  await prefixed.append(first, 'NoStream', events(2));
  for (let n = 0; n < 6; n++) await store.append(newStream(), 'NoStream', events(50));
  const { position } = await prefixed.append(last, 'NoStream', events(1));
  for (let n = 0; n < 6; n++) await store.append(newStream(), 'NoStream', events(50));

  expect(await prefixed.head()).toBe(position);
  const log = await prefixed.readLog(null, 3);
  expect(log.map(({ stream, revision }) => [stream, revision])).toEqual([
    [first, 0],
    [first, 1],
    [last, 0],
  ]);
  expect(await prefixed.readLog(log[1]!.position, 10)).toEqual(log.slice(2));
  expect((await store.readStream(`ours-${last}`, 0, 1))[0]!.position).toBe(position);
  await prefixed.close();
});

test('a prefix of the server’s own streams is refused', () => {
  expect(() => EsdbEventStore.open({ url: server.connectionString, streamPrefix: '$ours' })).toThrow(
    TypeError,
  );
});
