import {
  type AllStreamRecordedEvent,
  BACKWARDS,
  END,
  type EventStoreDBClient,
  FORWARDS,
  type Position as LogPosition,
  type RecordedEvent as Stored,
  START,
  type StreamingRead,
  StreamNotFoundError,
  UnknownError,
} from '@eventstore/db-client';

import type { Position, RecordedEvent } from '../../ports.js';
import { Unanswered, within } from './answers.js';
import type { Connection } from './connection.js';
import { isOurs, logPosition, positionText, recorded } from './stored-event.js';

/** Where most events are somebody else's, pages grow to this. */
const PAGE_MAX = 4_096;
const LAST_EVENT = { fromPosition: END, direction: BACKWARDS, maxCount: 1 } as const;

/** Reads of streams and of the log, from the leader: a decision is taken on what is there, not on what a follower has so far. */
export class LogReads {
  constructor(
    private readonly connection: Connection,
    private readonly prefix: string,
    private readonly readMs: number,
  ) {}

  async stream(stream: string, fromRevision: number, limit: number): Promise<RecordedEvent[]> {
    return this.streamPage(stream, { fromRevision: BigInt(fromRevision), maxCount: limit });
  }

  /** The last events of a stream, newest first. */
  async endOfStream(stream: string, limit: number): Promise<RecordedEvent[]> {
    return this.streamPage(stream, { fromRevision: END, direction: BACKWARDS, maxCount: limit });
  }

  /** The server filters no reads of its log: pages are read until enough of the events in them are ours. */
  async log(after: Position | null, limit: number): Promise<RecordedEvent[]> {
    const found: RecordedEvent[] = [];
    const skipped = after === null ? null : logPosition(after);
    let from: typeof START | LogPosition = skipped ?? START;
    // Reading begins with the event at the position itself.
    for (let count = limit + 1; ; count = Math.max(count, Math.min(2 * count, PAGE_MAX))) {
      const page: AllStreamRecordedEvent[] = await this.logPage(from, FORWARDS, count);
      const seen = from === START ? null : from.commit;
      for (const event of page) {
        if (event.position.commit === seen || !isOurs(event, this.prefix)) continue;
        found.push(recorded(event, this.prefix));
        if (found.length === limit) return found;
      }
      if (page.length < count) return found;
      from = page.at(-1)!.position;
    }
  }

  async head(): Promise<Position | null> {
    let from: typeof END | LogPosition = END;
    for (let count = 1; ; count = Math.min(8 * count, PAGE_MAX)) {
      const page: AllStreamRecordedEvent[] = await this.logPage(from, BACKWARDS, count);
      const last = page.find((event) => isOurs(event, this.prefix));
      if (last !== undefined) return positionText(last.position.commit);
      if (page.length < count) return null;
      from = page.at(-1)!.position;
    }
  }

  /** Throws `StoreUnavailable` when the leader does not answer in time. */
  async ping(ms: number): Promise<void> {
    try {
      // Finding a node and asking it are bounded each, and together too.
      await within(
        ms,
        this.read((client) => client.readAll({ ...LAST_EVENT, requiresLeader: true }), ms),
      );
    } catch (error) {
      throw this.connection.unavailable(error);
    }
  }

  /** Events of everybody, the server's own too. Throws `RangeError` for what is no position of this log. */
  async logPage(
    fromPosition: typeof START | typeof END | LogPosition,
    direction: typeof FORWARDS | typeof BACKWARDS,
    maxCount: number,
  ): Promise<AllStreamRecordedEvent[]> {
    try {
      return await this.read((client) =>
        client.readAll({ fromPosition, direction, maxCount, requiresLeader: true }),
      );
    } catch (error) {
      // Its answer to a position at which no event begins.
      if (error instanceof UnknownError && error.message.includes('ReadAllResult')) {
        throw new RangeError('this is no position of this log', { cause: error });
      }
      throw this.connection.unavailable(error);
    }
  }

  private async streamPage(
    stream: string,
    options: { fromRevision: bigint | typeof END; maxCount: number; direction?: typeof BACKWARDS },
  ): Promise<RecordedEvent[]> {
    try {
      const events = await this.read<Stored>((client) =>
        client.readStream(this.prefix + stream, { ...options, requiresLeader: true }),
      );
      return events.map((event) => recorded(event, this.prefix));
    } catch (error) {
      if (error instanceof StreamNotFoundError) return [];
      throw this.connection.unavailable(error);
    }
  }

  private read<E>(
    start: (client: EventStoreDBClient) => StreamingRead<{ event?: E }>,
    ms = this.readMs,
  ): Promise<E[]> {
    return this.connection.call(ms, (client) => collected(start(client), ms));
  }
}

// The client's reads have no deadline of their own, and after a cancellation neither end nor fail. `ms` without an event end it.
function collected<E>(reading: StreamingRead<{ event?: E }>, ms: number): Promise<E[]> {
  return new Promise((resolve, reject) => {
    const events: E[] = [];
    const timer = setTimeout(() => {
      reject(new Unanswered(ms));
      void reading.cancel().catch(reject);
    }, ms);
    reading.on('data', ({ event }) => {
      timer.refresh();
      if (event !== undefined) events.push(event);
    });
    reading.on('end', () => {
      clearTimeout(timer);
      resolve(events);
    });
    // Stays: errors may come more than once.
    reading.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
