import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';

import { EmbeddedEventStore } from '../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../src/adapters/embedded/key-store.js';
import { EmbeddedReadStore } from '../src/adapters/embedded/view-store.js';
import { rebuildInThreads } from '../src/embedded-projections.js';
import { Codec } from '../src/engine/codec.js';
import { Keyring } from '../src/engine/sealing.js';
import { masterKey, type MasterKey } from '../src/engine/secrets.js';
import { eventSources } from '../src/event-sources.js';
import { accountHistory } from '../src/projections/account-history.js';
import { accountView } from '../src/projections/account-view.js';
import { projections } from '../src/projections/all.js';
import { appendAccounts } from './account-log.js';
import { atLeast, below, type BenchRow, main } from './row.js';

const ACCOUNTS = Number(process.env.BENCH_ACCOUNTS ?? 100_000);
/** Of these, every other one is sealed. */
const EVENTS_EACH = 6;
const READ_EVERY_MS = 5;
const SAMPLE_EVERY_MS = 250;
const MEGABYTE = 1024 * 1024;

/** Rebuilds all projections from the first event, in threads beside a main thread that reads the live views. */
export async function run(): Promise<BenchRow[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
  const master = masterKey(new Uint8Array(32).fill(1));
  try {
    const events = await fill(dataDir, master);
    const first = await rebuild(dataDir, master, null);
    const reads: number[] = [];
    const second = await rebuild(dataDir, master, reads);
    return rows(events, first, second, reads);
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}

interface Rebuilt {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of the process, over time, in bytes. */
  readonly memory: readonly number[];
}

function rows(events: number, first: Rebuilt, second: Rebuilt, reads: number[]): BenchRow[] {
  const threads = Math.min(2, projections.length);
  const rate = (rebuilt: Rebuilt) => events / rebuilt.seconds;
  const [before = 0, ...during] = first.memory;
  const each = (Math.max(...during) - before) / threads / MEGABYTE;
  const half = during.slice(during.length / 2);
  const growth = Math.max(...half) / Math.max(...during.slice(0, during.length / 2));
  const sorted = reads.sort((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
  // A busy machine gives niced threads little: what they got tells a slow program from a slow machine.
  const got = ({ cpuSeconds, seconds }: Rebuilt) => `on ${(cpuSeconds / seconds).toFixed(2)} cores`;
  const size = `${events.toLocaleString('en')} events, ${ACCOUNTS.toLocaleString('en')} accounts, ${threads} threads`;
  return [
    atLeast('rebuild of all projections', 'events/s', 20_000, rate(first), `${size}, ${got(first)}`),
    atLeast('the same, views being read beside it', 'events/s', 20_000, rate(second), got(second)),
    below('memory of a rebuilding thread', 'MB', 400, each),
    below('its growth, second half against first', 'ratio', 1.25, growth),
    below('reading a view beside it, p99', 'ms', 1, p99, `${reads.length} reads`),
  ];
}

async function rebuild(dataDir: string, master: MasterKey, reads: number[] | null): Promise<Rebuilt> {
  const ended = new AbortController();
  const memory: number[] = [];
  const sampling = repeat(SAMPLE_EVERY_MS, ended.signal, () => void memory.push(process.memoryUsage().rss));
  const reading = reads ? readViews(dataDir, reads, ended.signal) : Promise.resolve();
  const start = performance.now();
  const cpu = process.cpuUsage();
  // Nothing else writes these views, so there is nothing to pause.
  const live = { pause: () => Promise.resolve(), resume: () => Promise.resolve() };
  const names = projections.map(({ name }) => name);
  const options = { dataDir, masterKeys: [master] };
  await rebuildInThreads(names, live, options, () => undefined, ended.signal);
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  ended.abort();
  await Promise.all([sampling, reading]);
  return { seconds, cpuSeconds: (user + system) / 1_000_000, memory };
}

async function fill(dataDir: string, master: MasterKey): Promise<number> {
  const log = await EmbeddedEventStore.open({ dataDir });
  const keys = await EmbeddedKeyStore.open({ dataDir });
  try {
    return await appendAccounts(
      log,
      new Codec(eventSources, new Keyring(keys, master)),
      ACCOUNTS,
      EVENTS_EACH,
    );
  } finally {
    await keys.close();
    await log.close();
  }
}

/** As screens read: one account, or a page of its history. Each time is that of the call, which the main thread spends. */
async function readViews(dataDir: string, times: number[], signal: AbortSignal): Promise<void> {
  const views = EmbeddedReadStore.open({ dataDir, readOnly: true });
  const { items } = await views.range(accountView.name, { field: 'key', limit: 200 });
  const accounts = items.map(({ key }) => key);
  let turn = 0;
  await repeat(READ_EVERY_MS, signal, async () => {
    const account = accounts[(turn += 1) % accounts.length]!;
    const start = performance.now();
    if (turn % 2 === 0) await views.get(accountView.name, account);
    else await views.range(accountHistory.name, { field: 'key', from: `${account}:`, limit: 20 });
    times.push(performance.now() - start);
  });
  await views.close();
}

async function repeat(ms: number, signal: AbortSignal, work: () => void | Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await work();
    await pause(ms);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(run);
