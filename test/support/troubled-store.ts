import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import {
  EventStore,
  OutcomeUnknown,
  StoreUnavailable,
  type Appended,
  type EventRecord,
  type ExpectedRevision,
  type Position,
  type RecordedEvent,
} from '../../src/ports.js';

type Append = () => Promise<Appended>;
/** What becomes of one append, which it may carry out or not. */
export type Trouble = (append: Append) => Promise<Appended>;

/** The store failed after it wrote. */
export const unknownButWritten: Trouble = async (append) => {
  await append();
  throw new OutcomeUnknown('the answer was lost');
};
/** The store failed, and wrote nothing. */
export const unknownAndLost: Trouble = async () => {
  throw new OutcomeUnknown('the request was lost');
};
export const unavailable: Trouble = async () => {
  throw new StoreUnavailable('the store is away');
};
export const noTrouble: Trouble = (append) => append();

/** A log in memory that counts what is asked of it and fails as the test says. */
export class TroubledStore extends EventStore {
  appends = 0;
  reads = 0;
  /** What becomes of the next appends, in order; those after them succeed. */
  troubles: Trouble[] = [];
  readFailures: Error[] = [];

  constructor(readonly log: EventStore = EmbeddedEventStore.openInMemory()) {
    super();
  }

  override append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventRecord[],
  ): Promise<Appended> {
    this.appends += 1;
    const trouble = this.troubles.shift() ?? noTrouble;
    return trouble(() => this.log.append(stream, expected, events));
  }

  override async readStream(stream: string, from: number, limit: number): Promise<RecordedEvent[]> {
    this.reads += 1;
    const failure = this.readFailures.shift();
    if (failure) throw failure;
    return this.log.readStream(stream, from, limit);
  }

  override readLog(after: Position | null, limit: number): Promise<RecordedEvent[]> {
    return this.log.readLog(after, limit);
  }
  override follow(after: Position | null, signal: AbortSignal): AsyncIterable<RecordedEvent[]> {
    return this.log.follow(after, signal);
  }
  override head(): Promise<Position | null> {
    return this.log.head();
  }
  override ping(): Promise<void> {
    return this.log.ping();
  }
  override close(): Promise<void> {
    return this.log.close();
  }
}
