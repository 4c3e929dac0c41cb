import {
  type Appended,
  type EventRecord,
  EventStore,
  type ExpectedRevision,
  type Position,
  type RecordedEvent,
  StoreUnavailable,
} from '../../ports.js';
import { checkedSize } from '../append-request.js';
import { esdbAddress } from './address.js';
import { within } from './answers.js';
import { Appender, type AppendTimes } from './append.js';
import { Connection } from './connection.js';
import { follow } from './follow.js';
import { assertKept } from './kept.js';
import { LogReads } from './log-reads.js';

export interface EsdbEventStoreOptions extends Partial<AppendTimes> {
  /** As the client takes it: `esdb://…` or `esdb+discover://…`, with TLS unless `tls=false`. */
  readonly url: string;
  /** Before the name of each stream on the server; the log then holds these streams only. */
  readonly streamPrefix?: string;
  /** How long a read may stand still. */
  readonly readMs?: number;
  readonly pingMs?: number;
  /** How long closing waits for appends in flight. */
  readonly closeMs?: number;
}

/** The log in EventStoreDB 22.10 or later. */
export class EsdbEventStore extends EventStore {
  private readonly inFlight = new Set<Promise<unknown>>();
  private closing: Promise<void> | null = null;

  private constructor(
    private readonly connection: Connection,
    private readonly appender: Appender,
    private readonly reads: LogReads,
    private readonly prefix: string,
    private readonly times: Times,
  ) {
    super();
  }

  /** Needs no server yet. Throws `TypeError` for what is no connection string or no prefix. */
  static open(options: EsdbEventStoreOptions): EsdbEventStore {
    const { streamPrefix = '', answerMs = 5_000, resolveMs = 3_000, readMs = 5_000 } = options;
    const { pingMs = 2_000, closeMs = 5_000 } = options;
    if (streamPrefix.startsWith('$')) throw new TypeError('streams that begin with $ are the server’s own');
    const connection = new Connection(esdbAddress(options.url));
    const reads = new LogReads(connection, streamPrefix, readMs);
    const appender = new Appender(connection, reads, streamPrefix, { answerMs, resolveMs });
    return new EsdbEventStore(connection, appender, reads, streamPrefix, { readMs, pingMs, closeMs });
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventRecord[],
  ): Promise<Appended> {
    const request = { stream, expected, events };
    checkedSize(request);
    this.assertOpen();
    const append = this.appender.append(request);
    this.inFlight.add(append);
    try {
      return await append;
    } finally {
      this.inFlight.delete(append);
    }
  }

  async readStream(stream: string, fromRevision: number, limit: number): Promise<RecordedEvent[]> {
    this.assertOpen();
    return this.reads.stream(stream, fromRevision, checkedLimit(limit));
  }

  async readLog(after: Position | null, limit: number): Promise<RecordedEvent[]> {
    this.assertOpen();
    return this.reads.log(after, checkedLimit(limit));
  }

  follow(after: Position | null, signal: AbortSignal): AsyncIterable<RecordedEvent[]> {
    return follow(this.connection, this.prefix, after, signal);
  }

  async head(): Promise<Position | null> {
    this.assertOpen();
    return this.reads.head();
  }

  /** Reads from the leader: without one, nothing could be written either. */
  async ping(): Promise<void> {
    this.assertOpen();
    await this.reads.ping(this.times.pingMs);
  }

  /** For the start of the service. Throws `EventsNotKept` where the server is told to remove events of ours or has removed some;
   *  `streams` are those to look at in any case. What it cannot see stands at `assertKept` in kept.ts. */
  async assertKept(streams: readonly string[] = []): Promise<void> {
    this.assertOpen();
    await assertKept(this.connection, this.reads, this.prefix, streams, this.times.readMs);
  }

  async close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    try {
      await within(this.times.closeMs, Promise.allSettled(this.inFlight));
    } catch {
      // What is still in flight then is of unknown outcome, and its caller is told so.
    } finally {
      await this.connection.close();
    }
  }

  private assertOpen(): void {
    if (this.closing !== null) throw new StoreUnavailable('the log is closed');
  }
}

type Times = Required<Pick<EsdbEventStoreOptions, 'readMs' | 'pingMs' | 'closeMs'>>;

function checkedLimit(limit: number): number {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError(`${limit} is no number of events`);
  return limit;
}
