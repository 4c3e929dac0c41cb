import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedEventStore } from '../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../src/adapters/embedded/key-store.js';
import { RandomIds, SystemClock } from '../src/adapters/system.js';
import { accountDecider } from '../src/domain/account/account.js';
import type { AccountDecision } from '../src/domain/account/state.js';
import { Codec } from '../src/engine/codec.js';
import { Keyring } from '../src/engine/sealing.js';
import { masterKey } from '../src/engine/secrets.js';
import { Streams } from '../src/engine/streams.js';
import { eventSources } from '../src/event-sources.js';
import { accountStory, appendAccounts } from './account-log.js';
import { below, main, median, type BenchRow } from './row.js';

const EVENTS = 10_000;
const ROUNDS = 9;
const WARM_COMMANDS = 200;

/** A command on an account with a very long history, cold (nothing cached) and warm. */
export async function run(): Promise<BenchRow[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
  const log = await EmbeddedEventStore.open({ dataDir });
  const keys = await EmbeddedKeyStore.open({ dataDir });
  try {
    const master = masterKey(new Uint8Array(32).fill(1));
    const streams = () => {
      const codec = new Codec(eventSources, new Keyring(keys, master));
      return new Streams(log, codec, new SystemClock(), new RandomIds(), { soleWriter: true });
    };
    const accountId = await longAccount(log, new Codec(eventSources, new Keyring(keys, master)));
    const cold: number[] = [];
    const slices: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const fresh = streams();
      const slice = longestSlice();
      const start = performance.now();
      await command(fresh, accountId);
      if (round > 0) cold.push(performance.now() - start);
      const longest = slice();
      if (round > 0) slices.push(longest);
    }
    return [
      below(`cold command on an account with ${EVENTS.toLocaleString('en')} events`, 'ms', 200, median(cold)),
      below('its longest slice of the event loop, in the median round', 'ms', 10, median(slices)),
      below('warm command on it, durable, p50', 'ms', 1, await warm(streams(), accountId)),
    ];
  } finally {
    await keys.close();
    await log.close();
    rmSync(dataDir, { recursive: true });
  }
}

async function warm(streams: Streams, accountId: string): Promise<number> {
  await command(streams, accountId);
  const times: number[] = [];
  for (let turn = 0; turn < WARM_COMMANDS; turn += 1) {
    const start = performance.now();
    await command(streams, accountId);
    times.push(performance.now() - start);
  }
  return median(times);
}

function command(streams: Streams, accountId: string): Promise<unknown> {
  const commandId = randomUUID();
  const actor = { kind: 'system', id: 'bench', role: null } as const;
  const decision: AccountDecision = () => [{ type: 'RegistrationAttempted', data: {} }];
  const context = { commandId, actor, correlationId: commandId, causationId: commandId };
  return streams.decide(accountDecider, accountId, decision, context);
}

async function longAccount(log: EmbeddedEventStore, codec: Codec): Promise<string> {
  await appendAccounts(log, codec, 1, 2);
  const [first] = await log.readLog(null, 1);
  const accountId = first!.stream.slice('account-'.length);
  const failed = accountStory(0).find(({ type }) => type === 'LoginFailed')!;
  const streams = new Streams(log, codec, new SystemClock(), new RandomIds(), { soleWriter: true });
  const commandId = randomUUID();
  for (let revision = 2; revision < EVENTS; revision += 100) {
    const actor = { kind: 'system', id: 'bench', role: null } as const;
    const decision: AccountDecision = () =>
      Array.from({ length: 100 }, (_, index) =>
        index % 2 === 0 ? failed : { type: 'RegistrationAttempted', data: {} },
      );
    const context = {
      commandId: `${commandId}-${revision}`,
      actor,
      correlationId: commandId,
      causationId: commandId,
    };
    await streams.decide(accountDecider, accountId, decision, context);
  }
  return accountId;
}

/** Starts to watch the event loop; the function returned stops, and gives the longest time that it was kept, in ms. */
function longestSlice(): () => number {
  let watching = true;
  let longest = 0;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (watching) setImmediate(look);
  };
  setImmediate(look);
  return () => {
    watching = false;
    return longest;
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(run);
