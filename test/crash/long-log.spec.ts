import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendAccounts } from '../../bench/account-log.js';
import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { EmbeddedLogReader } from '../../src/adapters/embedded/log-reader.js';
import { EmbeddedReadStore } from '../../src/adapters/embedded/view-store.js';
import { Codec } from '../../src/engine/codec.js';
import type { Envelope } from '../../src/engine/envelope.js';
import { eventSources } from '../../src/event-sources.js';
import type { RecordedEvent } from '../../src/ports.js';
import { accountView } from '../../src/projections/account-view.js';
import { projections } from '../../src/projections/all.js';
import { ChildService, killLeftovers } from '../support/child-service.js';
import { progress, soaking } from '../support/soak.js';
import { keyringOf } from './evidence.js';

const EVENTS_EACH = 10;
const ACCOUNTS = Number(process.env.SOAK_ACCOUNTS ?? 100_000);
const SAMPLE = 500;
/** Of the whole process: the projector may take 400 of them. */
const MEMORY_MB_MAX = 700;
const LONGEST_MS = 3_600_000;

const built = (file: string) => new URL(`../../dist/adapters/embedded/${file}`, import.meta.url);

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'portcullis-long-'));
});
afterAll(async () => {
  await killLeftovers();
  rmSync(dataDir, { recursive: true });
});

/** A service has begun this folder, and so made its secrets. */
async function fill(): Promise<number> {
  const log = await EmbeddedEventStore.open({ dataDir, writerUrl: built('log-writer.js') });
  const keys = await EmbeddedKeyStore.open({ dataDir, writerUrl: built('key-writer.js') });
  const codec = new Codec(eventSources, keyringOf(dataDir, keys));
  const events = await appendAccounts(log, codec, ACCOUNTS, EVENTS_EACH);
  await keys.close();
  await log.close();
  return events;
}

async function timedStart(): Promise<{ service: ChildService; startMs: number }> {
  const service = ChildService.prepare(dataDir);
  await service.begin();
  const begunAt = performance.now();
  await service.listening();
  return { service, startMs: performance.now() - begunAt };
}

function memoryMb({ processId }: ChildService): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${processId}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** Resolves when every view reflects this share of the log; returns what memory the service had on the way. */
async function followed(service: ChildService, share: number): Promise<number[]> {
  const log = EmbeddedLogReader.open(dataDir, null);
  const views = EmbeddedReadStore.open({ dataDir, readOnly: true });
  const memory: number[] = [];
  try {
    const enough = Number(await log.head()) * share;
    for (;;) {
      const checkpoints = await Promise.all(projections.map(({ name }) => views.checkpoint(name)));
      if (checkpoints.every((checkpoint) => Number(checkpoint) >= enough)) return memory;
      memory.push(memoryMb(service));
      await new Promise((resume) => setTimeout(resume, 250));
    }
  } finally {
    await views.close();
    log.close();
  }
}

/** Accounts of a sample whose document is not what their own events make. */
async function differing(): Promise<string[]> {
  const log = EmbeddedLogReader.open(dataDir, null);
  const keys = EmbeddedKeyStore.openReadOnly(dataDir);
  const views = EmbeddedReadStore.open({ dataDir, readOnly: true });
  const codec = new Codec(eventSources, keyringOf(dataDir, keys));
  const made = async (records: RecordedEvent[]): Promise<object | null> => {
    const events = (await codec.decode(records)) as Envelope[];
    return events.reduce<object | null>((doc, event) => accountView.fold(doc as never, event), null);
  };
  const wrong: string[] = [];
  try {
    const head = Number(await log.head());
    for (let at = 1; at <= head; at += Math.ceil(head / SAMPLE)) {
      const [event] = await log.readLog(String(at).padStart(16, '0'), 1);
      if (!event?.stream.startsWith('account-')) continue;
      const id = event.stream.slice('account-'.length);
      const found = await views.get(accountView.name, id);
      const expected = await made(await log.readStream(event.stream, 0, 1_000));
      if (JSON.stringify(found?.body) !== JSON.stringify(expected)) wrong.push(id);
    }
  } finally {
    await views.close();
    await keys.close();
    log.close();
  }
  return wrong;
}

const highest = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), 0);

(soaking ? test : test.skip)(
  'A service on a log of a million events starts at once, and follows it in memory that stays the same',
  async () => {
    const begun = await timedStart();
    await begun.service.stop();
    const events = await fill();
    progress(`${events} events written`);
    for (const kill of [0.3, 0.6]) {
      const service = await ChildService.start(dataDir);
      await followed(service, kill);
      await service.kill();
    }
    const { service, startMs } = await timedStart();
    const memory = await followed(service, 1);
    const [earlier, later] = [memory.slice(0, memory.length / 2), memory.slice(memory.length / 2)];
    progress(`started in ${Math.round(startMs)} ms; at most ${Math.round(highest(memory))} MB`);
    // Against the empty log of before: what a machine takes by itself is for benches to tell.
    expect(startMs).toBeLessThan(2 * begun.startMs + 500);
    expect(highest(memory)).toBeLessThan(MEMORY_MB_MAX);
    expect(highest(later)).toBeLessThan(1.25 * highest(earlier));
    expect(await differing()).toEqual([]);
    expect(service.faults).toEqual([]);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
  },
  LONGEST_MS,
);
