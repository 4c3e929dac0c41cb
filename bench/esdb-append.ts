import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { EsdbEventStore } from '../src/adapters/eventstoredb/event-store.js';
import type { EventRecord } from '../src/ports.js';
import { atLeast, type BenchRow, main, median } from './row.js';

const ROUNDS = 9;
const IN_FLIGHT = 64;
const APPENDS = 3_200;
const ASKED = 0.7;

/** Appends through the port against the bare client, both unary, on the server that EVENTSTOREDB_URL names. Rounds of both
 *  alternate; each append makes a stream of its own. */
export async function run(): Promise<BenchRow[]> {
  const url = process.env.EVENTSTOREDB_URL;
  if (url === undefined) {
    console.log('skipped: append to EventStoreDB, since EVENTSTOREDB_URL names no server');
    return [];
  }
  const prefix = `bench-${randomUUID()}-`;
  const store = EsdbEventStore.open({ url, streamPrefix: prefix });
  const client = EventStoreDBClient.connectionString(url);
  // The path that the adapter takes.
  client['supports'] = async () => false;
  const port = (stream: string, event: EventRecord) => store.append(stream, 'NoStream', [event]);
  const bare = (stream: string, { eventId, type, data, metadata }: EventRecord) =>
    client.appendToStream(
      prefix + stream,
      jsonEvent({ id: eventId, type, data: JSON.parse(data), metadata: JSON.parse(metadata) }),
      { expectedRevision: NO_STREAM, requiresLeader: true },
    );
  const rates: { port: number; bare: number }[] = [];
  try {
    // The first round is for the compilers and the connections.
    for (let round = 0; round <= ROUNDS; round++) {
      const first = round % 2 === 0 ? await rate(port) : 0;
      const bareRate = await rate(bare);
      const portRate = first || (await rate(port));
      if (round > 0) rates.push({ port: portRate, bare: bareRate });
    }
  } finally {
    await store.close();
    await client.dispose();
  }
  const note = `${perSecond(rates.map((r) => r.port))} against ${perSecond(rates.map((r) => r.bare))}`;
  const ratio = median(rates.map((r) => r.port / r.bare));
  return [
    atLeast('append to EventStoreDB, 64 in flight, against the bare client', 'ratio', ASKED, ratio, note),
  ];
}

const perSecond = (rates: number[]): string => `${Math.round(median(rates)).toLocaleString('en')}/s`;

/** Appends a second. */
async function rate(append: (stream: string, event: EventRecord) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  const writer = async () => {
    for (let done = 0; done < APPENDS / IN_FLIGHT; done++)
      await append(`account-${randomUUID()}`, newEvent());
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, writer));
  return (APPENDS * 1_000) / (performance.now() - start);
}

/** Of 500 bytes. */
const newEvent = (): EventRecord => ({
  eventId: randomUUID(),
  type: 'LoginSucceeded',
  data: JSON.stringify({ session: randomUUID(), sealed: 'x'.repeat(230) }),
  metadata: JSON.stringify({ commandId: randomUUID(), at: 1_790_000_000_000, more: 'y'.repeat(110) }),
});

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(run);
