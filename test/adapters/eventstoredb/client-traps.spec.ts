import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { END, EventStoreDBClient, streamNameFilter } from '@eventstore/db-client';

import { StandIn } from '../../support/eventstoredb/stand-in.js';
import { append, event, failure, newStream, type Subject } from './server-subject.js';

// Why the adapter is as it is: when one of these fails after an update of the client, its trap is gone.
let standIn: StandIn;
let subject: Subject;
let stream: string;

beforeEach(async () => {
  standIn = await StandIn.start({ writeTimeoutMs: 50 });
  subject = {
    client: EventStoreDBClient.connectionString(standIn.connectionString),
    credentials: { username: 'admin', password: 'changeit' },
  };
  stream = newStream();
});
afterEach(async () => {
  await subject.client.dispose();
  await standIn.close();
});

test('disposing one client rejects what another appends by batch', async () => {
  const other = EventStoreDBClient.connectionString(standIn.connectionString);
  for (const client of [subject.client, other]) await client.appendToStream(stream, event());
  standIn.faults.inject({ kind: 'silent' }, ['batchAppend'], 1);
  const pending = failure(subject.client.appendToStream(stream, event()));
  await other.dispose();
  expect(await pending).toMatchObject({ code: 1 });
});

test('breaking out of a subscription leaves it open at the server', async () => {
  await append(subject, stream, event(), 'no_stream');
  const subscription = subject.client.subscribeToAll({ filter: streamNameFilter({ prefixes: [stream] }) });
  for await (const { event } of subscription) if (event) break;
  await append(subject, stream, event(), 0n);
  expect(standIn.openReads).toBe(1);
  await subscription.unsubscribe();
});

test('unsubscribing closes it at the server', async () => {
  const subscription = subject.client.subscribeToAll({ fromPosition: END });
  await new Promise((resolve) => subscription.once('confirmation', resolve));
  expect(standIn.openReads).toBe(1);
  await subscription.unsubscribe();
  await append(subject, stream, event(), 'no_stream');
  expect(standIn.openReads).toBe(0);
});

test.each([
  ['an id that is no UUID', "{ id: 'no-uuid', type: 'Tested', data: {} }", 'is not iterable'],
  ['data that cannot be serialised', "{ type: 'Tested', data: { n: 1n } }", 'serialize a BigInt'],
])('by batch, %s ends the process', async (_, given, error) => {
  const child = spawn(process.execPath, ['--input-type=commonjs', '-e', appending(given)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let written = '';
  child.stderr.on('data', (chunk: Buffer) => (written += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(written).toContain(error);
  expect(code).toBe(1);
});

const appending = (given: string) => `
  const { EventStoreDBClient, jsonEvent } = require('@eventstore/db-client');
  const client = EventStoreDBClient.connectionString('${standIn.connectionString}');
  client.appendToStream('${stream}', jsonEvent(${given})).catch(() => undefined);
  setTimeout(() => process.exit(7), 20_000);
`;
