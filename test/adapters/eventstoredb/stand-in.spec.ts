import { randomUUID } from 'node:crypto';

import { EventStoreDBClient, jsonEvent, NO_STREAM, START } from '@eventstore/db-client';

import { StandIn } from '../../support/eventstoredb/stand-in.js';

const credentials = { username: 'admin', password: 'changeit' };
let standIn: StandIn;
let client: EventStoreDBClient;
beforeAll(async () => {
  standIn = await StandIn.start();
  client = EventStoreDBClient.connectionString(standIn.connectionString);
});
afterAll(async () => {
  await client.dispose();
  await standIn.close();
});
const event = (type = 'Tested', data: object = {}) =>
  jsonEvent({ type, data: { ...data }, id: randomUUID() });

test('smoke', async () => {
  const stream = `s-${randomUUID()}`;
  const appended = await client.appendToStream(stream, [event(), event()], {
    expectedRevision: NO_STREAM,
    credentials,
  });
  expect(appended.nextExpectedRevision).toBe(1n);
  const seen = [];
  for await (const resolved of client.readStream(stream)) seen.push(resolved);
  expect(seen).toHaveLength(2);
  const all = [];
  for await (const resolved of client.readAll({ fromPosition: START })) all.push(resolved);
  expect(all.length).toBe(3);
  const batch = await client.appendToStream(stream, [event(), event()], { expectedRevision: 1n });
  expect(batch.nextExpectedRevision).toBe(3n);
  const sub = client.subscribeToAll({ fromPosition: all[0]!.event!.position! as never });
  let n = 0;
  for await (const resolved of sub) {
    n++;
    if (n === 4) {
      await sub.unsubscribe();
      break;
    }
  }
});
