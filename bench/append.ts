import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { EmbeddedEventStore } from '../src/adapters/embedded/event-store.js';
import { openLogForWriting } from '../src/adapters/embedded/log-connection.js';
import type { EventRecord } from '../src/ports.js';
import { atLeast, type BenchRow, main, median } from './row.js';

const ROUNDS = 9;
const STREAMS = 10_000;

/** Appends through the port (below the codec) against raw SQLite with the same table, pragmas and statements in one thread.
 *  Rounds of both alternate, with equally many events, so that both files stay equally large. */
export async function run(): Promise<BenchRow[]> {
  return [
    await compare('append, 64 in flight, against raw group commit of 64', 64, 12_800, 0.65),
    await compare('append, one at a time, against raw one a transaction', 1, 2_000, 0.55),
  ];
}

async function compare(name: string, inFlight: number, appends: number, asked: number): Promise<BenchRow> {
  const directory = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
  const store = await EmbeddedEventStore.open({ dataDir: join(directory, 'port') });
  const port = portAppender(store, inFlight);
  const raw = rawAppender(join(directory, 'raw.db'), inFlight);
  const rates: { port: number; raw: number }[] = [];
  try {
    // The first round is for the compilers and the caches.
    for (let round = 0; round <= ROUNDS; round++) {
      const first = round % 2 === 0 ? await rate(port.append, appends) : 0;
      const rawRate = await rate(raw.append, appends);
      const portRate = first || (await rate(port.append, appends));
      if (round > 0) rates.push({ port: portRate, raw: rawRate });
    }
  } finally {
    raw.close();
    await store.close();
    rmSync(directory, { recursive: true });
  }
  const note = `${perSecond(rates.map((r) => r.port))} against ${perSecond(rates.map((r) => r.raw))}`;
  const ratio = median(rates.map((r) => r.port / r.raw));
  return atLeast(name, 'ratio', asked, ratio, note);
}

const perSecond = (rates: number[]): string => `${Math.round(median(rates)).toLocaleString('en')}/s`;

async function rate(append: (count: number) => Promise<void>, count: number): Promise<number> {
  const start = performance.now();
  await append(count);
  return (count * 1_000) / (performance.now() - start);
}

function portAppender(store: EmbeddedEventStore, inFlight: number) {
  const workload = new Workload();
  const client = async (count: number) => {
    for (let done = 0; done < count; done++) {
      const { stream, revision, event } = workload.next();
      await store.append(stream, revision === 0 ? 'NoStream' : revision - 1, [event]);
    }
  };
  return {
    append: async (count: number) => {
      await Promise.all(Array.from({ length: inFlight }, () => client(count / inFlight)));
    },
  };
}

function rawAppender(file: string, groupSize: number) {
  const workload = new Workload();
  const db = openLogForWriting(file);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)');
  const commit = db.prepare('COMMIT');
  let position = 0;
  return {
    append: async (count: number) => {
      for (let done = 0; done < count; done += groupSize) {
        begin.run();
        for (let member = 0; member < groupSize; member++) {
          const { stream, revision, event } = workload.next();
          insert.run(++position, stream, revision, event.eventId, event.type, event.data, event.metadata);
        }
        commit.run();
      }
    },
    close: () => db.close(),
  };
}

/** Events of 500 bytes over many accounts, made beforehand: the same ones, in the same order, for both sides. */
class Workload {
  private readonly revisions = new Map<string, number>();
  private count = 0;

  next(): { stream: string; revision: number; event: EventRecord } {
    const stream = streams[(this.count * 7_919) % STREAMS]!;
    const event = events[this.count % events.length]!;
    const revision = (this.revisions.get(stream) ?? -1) + 1;
    this.revisions.set(stream, revision);
    this.count++;
    return { stream, revision, event };
  }
}

const streams = Array.from({ length: STREAMS }, () => `account-${randomUUID()}`);
const events = Array.from({ length: 4_096 }, (): EventRecord => ({
  eventId: randomUUID(),
  type: 'LoginSucceeded',
  data: JSON.stringify({ session: randomUUID(), sealed: 'x'.repeat(230) }),
  metadata: JSON.stringify({ commandId: randomUUID(), at: 1_790_000_000_000, more: 'y'.repeat(110) }),
}));

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(run);
