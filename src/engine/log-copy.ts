import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  APPEND_BYTES_MAX,
  type EventStore,
  OutcomeUnknown,
  type Position,
  type RecordedEvent,
  StoreUnavailable,
} from '../ports.js';

const PAGE = 1_000;
/** Half of what an append holds: stores count a little more than the bytes of events. */
const RUN_BYTES_MAX = APPEND_BYTES_MAX / 2;
const RETRY_MS = 500;

/** The target holds what the source does not have in that place. */
export class OtherEvents extends Error {
  override readonly name = 'OtherEvents';
}

/** How far a copy goes, in events, and the source's position there. */
export interface CopiedUpTo {
  readonly events: number;
  readonly position: Position | null;
}

export interface CopyOptions {
  /** Called with the number of events that are there in all. */
  readonly onProgress?: (events: number) => void;
  /** How long one append is tried while the target is away. */
  readonly patienceMs?: number;
}

/** How much of the source the target holds already, compared event by event. Throws `OtherEvents` where it holds anything else. */
export async function copiedBefore(source: EventStore, target: EventStore): Promise<CopiedUpTo> {
  let copied: CopiedUpTo = { events: 0, position: null };
  for await (const there of pages(target)) {
    const here = await source.readLog(copied.position, there.length);
    const other = there.findIndex((event, index) => !here[index] || kept(here[index]) !== kept(event));
    if (other >= 0) {
      const { stream, revision } = there[other]!;
      throw new OtherEvents(
        `event ${copied.events + other + 1} of the target (${stream}, revision ${revision}) is not the source's`,
      );
    }
    copied = { events: copied.events + here.length, position: here.at(-1)!.position };
  }
  return copied;
}

/** Copies what comes after. A store orders its log by arrival, so one append in all is in flight; events that follow each other in one
 *  stream share one. May be stopped at any event and begun again from `copiedBefore`. */
export async function copyLog(
  source: EventStore,
  target: EventStore,
  from: CopiedUpTo,
  { onProgress, patienceMs = 60_000 }: CopyOptions = {},
): Promise<number> {
  let { events, position } = from;
  for (;;) {
    const page = await source.readLog(position, PAGE);
    if (page.length === 0) return events;
    for (const run of runs(page)) {
      await appendRun(target, run, patienceMs);
      events += run.length;
      onProgress?.(events);
    }
    position = page.at(-1)!.position;
  }
}

/** The number of events, and SHA-256 over each as stored: stream, revision, id, type, data and metadata, in log order. Positions
 *  are the store's own and do not count. */
export interface LogDigest {
  readonly events: number;
  readonly sha256: string;
}

export async function digestOf(log: EventStore, onProgress?: (events: number) => void): Promise<LogDigest> {
  const hash = createHash('sha256');
  let events = 0;
  for await (const page of pages(log)) {
    for (const event of page) hash.update(`${kept(event)}\n`);
    events += page.length;
    onProgress?.(events);
  }
  return { events, sha256: hash.digest('hex') };
}

/** What of an event stays the same wherever it is kept. */
const kept = ({ stream, revision, eventId, type, data, metadata }: RecordedEvent): string =>
  JSON.stringify([stream, revision, eventId, type, data, metadata]);

async function* pages(log: EventStore): AsyncGenerator<RecordedEvent[]> {
  let position: Position | null = null;
  for (;;) {
    const page: RecordedEvent[] = await log.readLog(position, PAGE);
    if (page.length === 0) return;
    yield page;
    position = page.at(-1)!.position;
  }
}

/** Parts of one stream each, in log order. */
function runs(page: readonly RecordedEvent[]): RecordedEvent[][] {
  const found: RecordedEvent[][] = [];
  let bytes = 0;
  for (const event of page) {
    const size = Buffer.byteLength(event.data) + Buffer.byteLength(event.metadata);
    const run = found.at(-1);
    bytes += size;
    if (run?.[0]?.stream === event.stream && bytes <= RUN_BYTES_MAX) run.push(event);
    else {
      found.push([event]);
      bytes = size;
    }
  }
  return found;
}

async function appendRun(
  target: EventStore,
  run: readonly RecordedEvent[],
  patienceMs: number,
): Promise<void> {
  const [first] = run;
  const expected = first!.revision === 0 ? 'NoStream' : first!.revision - 1;
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      await target.append(first!.stream, expected, run);
      return;
    } catch (error) {
      const passing = error instanceof StoreUnavailable || error instanceof OutcomeUnknown;
      if (!passing || performance.now() > giveUpAt) throw error;
      // Of the same ids at the same revision one copy is written, however often they are sent.
      await pause(RETRY_MS);
    }
  }
}
