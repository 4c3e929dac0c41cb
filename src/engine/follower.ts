import type { EventStore, Position, RecordedEvent } from '../ports.js';
import type { Codec, Undecodable } from './codec.js';
import type { Envelope } from './envelope.js';
import { isBefore } from './positions.js';
import { RecentEvents } from './recent-events.js';
import { Backoff, Bell, endsWithin, pause } from './waiting.js';

/** Where projections and reactions get their events from. */
export interface Feed {
  /** As `EventStore.readLog`. */
  read(after: Position | null, limit: number): Promise<readonly RecordedEvent[]>;
  /** As `Codec.decode`. */
  decode(records: readonly RecordedEvent[]): Promise<(Envelope | Undecodable)[]>;
  /** Resolves when the log goes on after this position, or as soon as the signal aborts. */
  moved(after: Position | null, signal: AbortSignal): Promise<void>;
}

/** Told of failures that are being dealt with: an operator wants to know, nobody else has to. */
export type Report = (what: string, error: unknown) => void;

export interface FollowerOptions {
  readonly eventsMax?: number;
  readonly charactersMax?: number;
  readonly retryFirstMs?: number;
  readonly report?: Report;
}

const CLOSE_MS = 5_000;

/** The one subscription of a process: holds the end of the log in memory for everybody who works through it. */
export class Follower implements Feed {
  /** null until the store has told where the log ends. */
  private recent: RecentEvents | null = null;
  private last: Position | null = null;
  private readonly decoded = new WeakMap<RecordedEvent, Envelope | Undecodable>();
  private decoding: Promise<unknown> = Promise.resolve();
  private readonly bell = new Bell();
  private readonly closing = new AbortController();
  private readonly backoff: Backoff;
  private running: Promise<void> | null = null;

  constructor(
    private readonly store: EventStore,
    private readonly codec: Pick<Codec, 'decode'>,
    private readonly options: FollowerOptions = {},
  ) {
    this.backoff = new Backoff(options.retryFirstMs ?? 100, 10_000);
  }

  /** Begins at the end of the log, and keeps trying while the store is away. */
  start(): void {
    this.running ??= this.run();
  }

  /** The position of the last event seen; null before the first one. */
  get head(): Position | null {
    return this.last;
  }

  async read(after: Position | null, limit: number): Promise<readonly RecordedEvent[]> {
    return this.recent?.after(after, limit) ?? this.store.readLog(after, limit);
  }

  /** Each event at hand is decoded once, however many ask for it. */
  decode(records: readonly RecordedEvent[]): Promise<(Envelope | Undecodable)[]> {
    const decoding = this.decoding.then(async () => {
      const fresh = records.filter((record) => !this.decoded.has(record));
      const results = fresh.length > 0 ? await this.codec.decode(fresh) : [];
      for (const [index, record] of fresh.entries()) this.decoded.set(record, results[index]!);
      return records.map((record) => this.decoded.get(record)!);
    });
    // One after the other, so that those who ask at once do not each decode the same; a failure is the asker's alone.
    this.decoding = decoding.catch(() => undefined);
    return decoding;
  }

  async moved(after: Position | null, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !isBefore(after, this.last)) {
      await this.bell.rung(signal);
    }
  }

  /** How many events come after a position: exact, or the least that it can be when that lies far back. */
  countAfter(position: Position | null): { readonly events: number; readonly exact: boolean } {
    return this.recent?.countAfter(position) ?? { events: 0, exact: false };
  }

  async close(): Promise<void> {
    this.closing.abort();
    if (this.running) await endsWithin(CLOSE_MS, this.running);
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      try {
        if (this.recent === null) this.begin(await this.store.head());
        for await (const batch of this.store.follow(this.last, signal)) this.take(batch);
        if (signal.aborted) return;
        throw new Error('the subscription ended by itself');
      } catch (error) {
        this.options.report?.('following the log', error);
        await pause(this.backoff.nextMs(), signal);
      }
    }
  }

  private begin(head: Position | null): void {
    const { eventsMax = 10_000, charactersMax = 16 * 1024 * 1024 } = this.options;
    this.recent = new RecentEvents(head, eventsMax, charactersMax);
    this.last = head;
    this.bell.ring();
  }

  private take(batch: readonly RecordedEvent[]): void {
    // After a broken connection a store may send again what was already here.
    const fresh = batch.filter(({ position }) => isBefore(this.last, position));
    if (fresh.length === 0) return;
    this.recent!.add(fresh);
    this.last = fresh.at(-1)!.position;
    this.backoff.reset();
    this.bell.ring();
  }
}
