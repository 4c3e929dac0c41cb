import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedEventStore } from '../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../src/adapters/embedded/key-store.js';
import { rebuildInThreads } from '../src/embedded-projections.js';
import { Codec } from '../src/engine/codec.js';
import { Keyring } from '../src/engine/sealing.js';
import { masterKey } from '../src/engine/secrets.js';
import { eventSources } from '../src/event-sources.js';
import { projections } from '../src/projections/all.js';
import { appendAccounts } from './account-log.js';
import { below, main, median, type BenchRow } from './row.js';

const ACCOUNTS = Number(process.env.BENCH_ACCOUNTS ?? 100_000);
const EVENTS_EACH = 10;
const STARTS = 5;
const KEY = Buffer.alloc(32, 1);

/** From the start of the process until it listens, on a long log with its views at hand, as after any stop. */
export async function run(): Promise<BenchRow[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
  try {
    const events = await fill(dataDir);
    const times: number[] = [];
    for (let round = 0; round <= STARTS; round += 1) {
      const seconds = await start(dataDir);
      // The first one writes the mark of a new log and meets cold caches.
      if (round > 0) times.push(seconds);
    }
    const name = `start-up on a log of ${events.toLocaleString('en')} events`;
    return [below(name, 's', 2, median(times))];
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}

async function fill(dataDir: string): Promise<number> {
  const master = masterKey(KEY);
  const log = await EmbeddedEventStore.open({ dataDir });
  const keys = await EmbeddedKeyStore.open({ dataDir });
  const events = await appendAccounts(
    log,
    new Codec(eventSources, new Keyring(keys, master)),
    ACCOUNTS,
    EVENTS_EACH,
  );
  await keys.close();
  await log.close();
  const names = projections.map(({ name }) => name);
  const live = { pause: () => Promise.resolve(), resume: () => Promise.resolve() };
  const never = new AbortController().signal;
  await rebuildInThreads(names, live, { dataDir, masterKeys: [master] }, () => undefined, never);
  return events;
}

async function start(dataDir: string): Promise<number> {
  const began = performance.now();
  const service = spawn(process.execPath, [fileURLToPath(new URL('../src/main.js', import.meta.url))], {
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      PORT: '0',
      MASTER_KEY: KEY.toString('hex'),
      ADDRESS_KEY: KEY.toString('hex'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(service, 'exit');
  service.stdout.setEncoding('utf8');
  let printed = '';
  for await (const text of service.stdout.iterator({ destroyOnReturn: false })) {
    printed += text as string;
    if (printed.includes('"listening"')) break;
  }
  const seconds = (performance.now() - began) / 1_000;
  service.kill('SIGTERM');
  await exited;
  return seconds;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(run);
