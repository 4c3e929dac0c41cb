import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

import { EmbeddedKeyStore } from '../src/adapters/embedded/key-store.js';
import { EsdbEventStore } from '../src/adapters/eventstoredb/event-store.js';
import { pieces } from '../src/cli/legacy-generate.js';
import { importRate } from './legacy-import.js';
import { atLeast, type BenchRow, main, median } from './row.js';

const ROUNDS = 5;
const ROWS = 4_000;
const IN_FLIGHT = 64;
const ASKED = 0.5;
/** As long as an imported account is, sealed. */
const BYTES = 800;

/** An import against the bare client's appends of single events, both unary, on the server that EVENTSTOREDB_URL names. Data keys lie
 *  in a file on this machine. Rounds of both alternate; each round has a prefix, and so streams, of its own. */
export async function run(): Promise<BenchRow[]> {
  const url = process.env.EVENTSTOREDB_URL;
  if (url === undefined) {
    console.log('skipped: import on EventStoreDB, since EVENTSTOREDB_URL names no server');
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
  const file = join(folder, 'directory.csv');
  await pipeline(Readable.from(pieces({ rows: ROWS, seed: 1, format: 'csv' })), createWriteStream(file));
  const client = EventStoreDBClient.connectionString(url);
  // The path that the adapter takes.
  client['supports'] = async () => false;
  const rates: { imported: number; bare: number }[] = [];
  try {
    // The first round is for the compilers and the connections.
    for (let round = 0; round <= ROUNDS; round++) {
      const imported = await importOnce(url, join(folder, `data-${round}`), file);
      const bare = await appendRate(client);
      if (round > 0) rates.push({ imported, bare });
    }
  } finally {
    await client.dispose();
    rmSync(folder, { recursive: true });
  }
  const figure = (of: number[]) => `${Math.round(median(of)).toLocaleString('en')}/s`;
  const note = `${figure(rates.map((r) => r.imported))} against ${figure(rates.map((r) => r.bare))}`;
  const ratio = median(rates.map((r) => r.imported / r.bare));
  return [atLeast('import on EventStoreDB, against the bare client', 'ratio', ASKED, ratio, note)];
}

async function importOnce(url: string, dataDir: string, file: string): Promise<number> {
  mkdirSync(dataDir);
  const events = EsdbEventStore.open({ url, streamPrefix: `bench-${randomUUID()}-` });
  const keys = await EmbeddedKeyStore.open({ dataDir });
  try {
    return (await importRate(events, keys, file, ROWS)).rowsASecond;
  } finally {
    await keys.close();
    await events.close();
  }
}

/** Appends a second. */
async function appendRate(client: EventStoreDBClient): Promise<number> {
  const prefix = `bench-${randomUUID()}-`;
  const start = performance.now();
  const writer = async () => {
    for (let done = 0; done < ROWS / IN_FLIGHT; done++) {
      const data = { sealed: 'x'.repeat(BYTES) };
      const event = jsonEvent({ id: randomUUID(), type: 'LegacyAccountImported', data, metadata: {} });
      await client.appendToStream(prefix + randomUUID(), event, {
        expectedRevision: NO_STREAM,
        requiresLeader: true,
      });
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, writer));
  return (ROWS * 1_000) / (performance.now() - start);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(run);
