import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { EmbeddedEventStore } from '../../../src/adapters/embedded/event-store.js';
import type { RecordedEvent } from '../../../src/ports.js';
import { events } from '../../contracts/event-store-events.js';

const child = fileURLToPath(new URL('./appending-child.mjs', import.meta.url));
const writerUrl = new URL('../../../dist/adapters/embedded/log-writer.js', import.meta.url);
const readerModule = new URL('../../../dist/adapters/embedded/log-reader.js', import.meta.url).href;

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'portcullis-kill-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

interface Acknowledged {
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
}

/** Lets a process append until it has acknowledged so many, kills it, and returns all that it acknowledged. */
async function appendAndKill(acknowledgedMin: number): Promise<Acknowledged[]> {
  const process_ = spawn(process.execPath, [child, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: Acknowledged[] = [];
  for await (const line of createInterface({ input: process_.stdout })) {
    const [stream, revision, position] = line.split(' ');
    // The kill may have cut the last line.
    if (position?.length !== 16) continue;
    acknowledged.push({ stream: stream!, revision: Number(revision), position });
    if (acknowledged.length === acknowledgedMin) process_.kill('SIGKILL');
  }
  if (process_.exitCode === null && process_.signalCode === null) await once(process_, 'exit');
  expect(process_.signalCode).toBe('SIGKILL');
  return acknowledged;
}

async function wholeLog(store: EmbeddedEventStore): Promise<RecordedEvent[]> {
  const log: RecordedEvent[] = [];
  for (let after: string | null = null; ; after = log.at(-1)!.position) {
    const page = await store.readLog(after, 1_000);
    if (page.length === 0) return log;
    log.push(...page);
  }
}

function expectWhole(log: RecordedEvent[], acknowledged: Acknowledged[]): void {
  const byPosition = new Map(log.map((event) => [event.position, event]));
  expect(acknowledged.filter(({ position }) => !byPosition.has(position))).toEqual([]);
  for (const { stream, revision, position } of acknowledged) {
    expect(byPosition.get(position)).toMatchObject({ stream, revision });
  }
  expect(log.map(({ position }) => Number(position))).toEqual(log.map((_, n) => n + 1));
  const revisions = new Map<string, number[]>();
  for (const { stream, revision } of log) revisions.set(stream, [...(revisions.get(stream) ?? []), revision]);
  for (const found of revisions.values()) {
    expect(found).toEqual(found.map((_, n) => n));
    expect(found.length % 3).toBe(0);
  }
}

describe('A process that is killed while it appends', () => {
  test('leaves every acknowledged append, whole, and a log that goes on', async () => {
    const acknowledged: Acknowledged[] = [];
    for (const count of [1, 200, 400]) {
      acknowledged.push(...(await appendAndKill(count)));
      const store = await EmbeddedEventStore.open({ dataDir, writerUrl });
      const log = await wholeLog(store);
      expectWhole(log, acknowledged);
      const { position } = await store.append(`between-${count}`, 'NoStream', events(3));
      expect(Number(position)).toBe(log.length + 3);
      await store.close();
    }
  }, 30_000);

  test('leaves a log that a writer and readers may open all at once', async () => {
    const acknowledged = await appendAndKill(300);
    const script = `import { EmbeddedLogReader } from ${JSON.stringify(readerModule)};
      console.log(await EmbeddedLogReader.open(process.argv[1]).head());`;
    const readers = Array.from({ length: 4 }, () =>
      promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script, dataDir]),
    );
    const store = await EmbeddedEventStore.open({ dataDir, writerUrl });
    const heads = (await Promise.all(readers)).map(({ stdout }) => stdout.trim());
    expect(heads).toEqual(Array(4).fill(await store.head()));
    expect(heads[0]! >= acknowledged.at(-1)!.position).toBe(true);
    await store.close();
  }, 30_000);
});
