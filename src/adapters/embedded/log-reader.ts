import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { type Position, type RecordedEvent, StoreUnavailable } from '../../ports.js';
import { logFile, openLogForReading, positionNumber, positionText } from './log-connection.js';
import { EVENT_COLUMNS, type EventRow, StreamReads } from './stream-reads.js';

/** Events of one batch of `follow`: some 2 ms of reading. */
const BATCH_MAX = 256;
/** How soon a follower sees appends of another process, and how soon it tries again after an error. */
const POLL_MS = 100;

/** Reads and follows a log; any number of these may stand beside its writer, in other threads and processes too. */
export class EmbeddedLogReader {
  private readonly statements: ReturnType<typeof prepare>;
  private readonly streams: StreamReads;
  private readonly waking = new Set<() => void>();

  /** Takes the connection over. `pollMs` null: followers look again only when `wake` is called. */
  constructor(
    private readonly db: DatabaseSyncInstance,
    private readonly pollMs: number | null,
  ) {
    this.statements = prepare(db);
    this.streams = new StreamReads(db);
  }

  /** Opens the log of a DATA_DIR for reading. Throws `StoreUnavailable` when there is none or it cannot be read. */
  static open(dataDir: string, pollMs: number | null = POLL_MS): EmbeddedLogReader {
    const file = logFile(dataDir);
    try {
      return new EmbeddedLogReader(openLogForReading(file), pollMs);
    } catch (error) {
      throw new StoreUnavailable(`cannot read ${file}: ${String(error)}`, { cause: error });
    }
  }

  /** As `EventStore.readStream`. */
  async readStream(stream: string, fromRevision: number, limit: number): Promise<RecordedEvent[]> {
    const rows = this.streams.rows(stream, fromRevision, checkedLimit(limit));
    return (await rows.catch(unreadable)).map(recorded);
  }

  /** As `EventStore.readLog`. */
  async readLog(after: Position | null, limit: number): Promise<RecordedEvent[]> {
    return this.page(positionNumber(after), checkedLimit(limit));
  }

  /** As `EventStore.head`. */
  async head(): Promise<Position | null> {
    const [last] = this.rows(this.statements.head);
    return last === undefined ? null : positionText(last[0]);
  }

  /** As `EventStore.follow`; throws `StoreUnavailable` when the reader is closed meanwhile. */
  async *follow(
    after: Position | null,
    signal: AbortSignal,
    batchMax = BATCH_MAX,
  ): AsyncGenerator<RecordedEvent[], void> {
    let last = positionNumber(after);
    while (!signal.aborted) {
      let batch: RecordedEvent[] = [];
      let pollMs = this.pollMs;
      try {
        batch = this.page(last, batchMax);
      } catch (error) {
        if (!this.db.isOpen) throw error;
        // An outage of the store: `ping` and the follower's lag tell of it, and nothing is skipped.
        pollMs = POLL_MS;
      }
      if (batch.length === 0) {
        await this.woken(pollMs, signal);
        continue;
      }
      last = positionNumber(batch.at(-1)!.position);
      yield batch;
      // Reading is synchronous: without a pause a long log would keep everybody else from the thread.
      await nextTurn();
    }
  }

  /** Makes followers look for new events. */
  wake(): void {
    for (const wake of this.waking) wake();
  }

  close(): void {
    if (!this.db.isOpen) return;
    this.db.close();
    this.wake();
  }

  private page(after: number, limit: number): RecordedEvent[] {
    return this.rows(this.statements.log, after, limit).map(recorded);
  }

  private rows(statement: StatementSyncInstance, ...parameters: (string | number)[]): EventRow[] {
    try {
      return statement.all(...parameters) as EventRow[];
    } catch (error) {
      return unreadable(error);
    }
  }

  private woken(pollMs: number | null, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.waking.delete(wake);
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = pollMs === null ? undefined : setTimeout(wake, pollMs);
      this.waking.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}

function unreadable(error: unknown): never {
  throw new StoreUnavailable(`cannot read the log: ${String(error)}`, { cause: error });
}

function recorded([position, stream, revision, eventId, type, data, metadata]: EventRow): RecordedEvent {
  return { stream, revision, position: positionText(position), eventId, type, data, metadata };
}

function checkedLimit(limit: number): number {
  // SQLite takes a negative limit for none.
  if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError(`${limit} is no number of events`);
  return limit;
}

function prepare(db: DatabaseSyncInstance) {
  const rows = { returnArrays: true };
  return {
    log: db.prepare(`SELECT ${EVENT_COLUMNS} FROM events WHERE position > ? ORDER BY position LIMIT ?`, rows),
    head: db.prepare('SELECT position FROM events ORDER BY position DESC LIMIT 1', rows),
  };
}
