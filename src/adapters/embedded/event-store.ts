import {
  type Appended,
  type EventRecord,
  EventStore,
  type ExpectedRevision,
  OutcomeUnknown,
  type Position,
  type RecordedEvent,
  StoreUnavailable,
} from '../../ports.js';
import { type AppendRequest, checkedSize } from '../append-request.js';
import { DataLock } from './data-lock.js';
import { logFile } from './log-connection.js';
import { LogDatabase } from './log-database.js';
import { EmbeddedLogReader } from './log-reader.js';
import { LogThread, settle } from './log-thread.js';

export interface EmbeddedEventStoreOptions {
  readonly dataDir: string;
  /** The built log-writer.js. */
  readonly writerUrl?: URL;
  /** Appends that the disk has not answered for so long are `OutcomeUnknown`. */
  readonly answerMs?: number;
  /** After so long, closing gives up on a disk that hangs. */
  readonly closeMs?: number;
}

/** The log in one SQLite file of DATA_DIR, which it keeps to itself. Appends go through a thread of their own, reads do not. */
export class EmbeddedEventStore extends EventStore {
  private constructor(
    private readonly reader: EmbeddedLogReader,
    private readonly writer: Writer,
    private readonly lock: DataLock | null,
  ) {
    super();
  }

  /** Throws `DataDirectoryInUse` when another service has the directory. */
  static async open(options: EmbeddedEventStoreOptions): Promise<EmbeddedEventStore> {
    const { dataDir, answerMs = 5_000, closeMs = 5_000 } = options;
    const { writerUrl = new URL('./log-writer.js', import.meta.url) } = options;
    const lock = DataLock.take(dataDir);
    let writer: LogThread | null = null;
    try {
      writer = await LogThread.start({ file: logFile(dataDir), writerUrl, answerMs, closeMs });
      const reader = EmbeddedLogReader.open(dataDir, null);
      writer.onAnswer = () => reader.wake();
      return new EmbeddedEventStore(reader, writer, lock);
    } catch (error) {
      await writer?.close();
      lock.release();
      throw error;
    }
  }

  /** For reading beside the service, in another process. Throws `StoreUnavailable` when there is no log. */
  static openReadOnly(dataDir: string): EmbeddedEventStore {
    return new EmbeddedEventStore(EmbeddedLogReader.open(dataDir), new NoWriter(), null);
  }

  /** A log that ends with the process, for tests. */
  static openInMemory(): EmbeddedEventStore {
    const log = new LogDatabase(':memory:');
    const reader = new EmbeddedLogReader(log.connection, null);
    return new EmbeddedEventStore(reader, new MemoryWriter(log, () => reader.wake()), null);
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventRecord[],
  ): Promise<Appended> {
    const request = { stream, expected, events };
    return this.writer.append(request, checkedSize(request));
  }

  readStream(stream: string, fromRevision: number, limit: number): Promise<RecordedEvent[]> {
    return this.reader.readStream(stream, fromRevision, limit);
  }

  readLog(after: Position | null, limit: number): Promise<RecordedEvent[]> {
    return this.reader.readLog(after, limit);
  }

  follow(after: Position | null, signal: AbortSignal): AsyncIterable<RecordedEvent[]> {
    return this.reader.follow(after, signal);
  }

  head(): Promise<Position | null> {
    return this.reader.head();
  }

  async ping(): Promise<void> {
    await this.reader.head();
    try {
      await this.writer.append({ stream: 'ping', expected: 'Any', events: [] }, 0);
    } catch (error) {
      if (error instanceof OutcomeUnknown) throw new StoreUnavailable(error.message, { cause: error });
      throw error;
    }
  }

  async close(): Promise<void> {
    try {
      await this.writer.close();
    } finally {
      this.reader.close();
    }
    // Kept by a writer that has not ended, until the process does.
    this.lock?.release();
  }
}

interface Writer {
  append(request: AppendRequest, bytes: number): Promise<Appended>;
  close(): Promise<void>;
}

class NoWriter implements Writer {
  async append(): Promise<Appended> {
    throw new TypeError('this log was opened for reading');
  }

  async close(): Promise<void> {}
}

class MemoryWriter implements Writer {
  private closed = false;

  constructor(
    private readonly log: LogDatabase,
    private readonly onAnswer: () => void,
  ) {}

  append(request: AppendRequest): Promise<Appended> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new StoreUnavailable('the log is closed'));
      settle(request, this.log.commit([request])[0]!, resolve, reject);
      this.onAnswer();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
