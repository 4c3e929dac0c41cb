import { setMaxListeners } from 'node:events';
import type { Clock, EventStore, Position, ReadStore } from '../ports.js';
import { isUndecodable, type Undecodable } from './codec.js';
import type { Envelope } from './envelope.js';
import type { Feed, Report } from './follower.js';
import { GivenUpEvents } from './given-up-events.js';
import { isBefore } from './positions.js';
import { GivenUp, type Reaction } from './projection.js';
import { Unfinished } from './unfinished.js';
import { Backoff, Bell, pause, Slots } from './waiting.js';

export interface ReactionOptions {
  /** Events of so many streams are reacted to at a time; those of one stream one after the other. */
  readonly streamsMax?: number;
  /** When about so many events are begun or wait for another try, the reaction reads no further. */
  readonly unfinishedMax?: number;
  readonly retryFirstMs?: number;
  readonly retryMaxMs?: number;
  readonly saveEveryMs?: number;
  readonly report?: Report;
  /** Asked before each event: false ends all work, as somebody else may be at it. */
  readonly isHeld?: () => boolean;
}

export interface ReactionState {
  readonly name: string;
  /** Every event up to here was dealt with; null before the first. */
  readonly position: Position | null;
  readonly unfinishedCount: number;
  readonly parkedCount: number;
  /** Tries that failed since the start. */
  readonly retries: number;
  /** Why an event is being tried again, or why nothing goes on; null while all is well. */
  readonly failure: string | null;
}

export const idleState = (name: string): ReactionState => ({
  name,
  position: null,
  unfinishedCount: 0,
  parkedCount: 0,
  retries: 0,
  failure: null,
});

const PAGE = 250;

/** Where a reaction keeps its checkpoint and what it gave up. */
export const reactionView = (reaction: string): string => `reaction-${reaction}`;

/** One reaction's way through the log: in order within a stream, side by side across streams, each event until it is done. */
export class ReactionRun {
  private readonly view: string;
  private readonly closing = new AbortController();
  private readonly changed = new Bell();
  private readonly slots: Slots;
  private readonly givenUp: GivenUpEvents;
  private readonly lanes = new Map<string, Promise<void>>();
  private readonly unfinished = new Unfinished();
  /** Why a stream's event is being tried again. */
  private readonly failing = new Map<string, string>();
  private failure: string | null = null;
  private readTo: Position | null = null;
  private saved: Position | null = null;
  private retries = 0;
  private running: Promise<void> | null = null;

  constructor(
    private readonly reaction: Reaction,
    private readonly feed: Feed,
    private readonly log: Pick<EventStore, 'head' | 'readStream'>,
    private readonly store: ReadStore,
    clock: Clock,
    private readonly options: ReactionOptions,
  ) {
    this.view = reactionView(reaction.name);
    this.slots = new Slots(options.streamsMax ?? 8);
    // Every event that waits for another try listens: their number is bounded by `unfinishedMax`, not by Node's guess at a leak.
    setMaxListeners(0, this.closing.signal);
    this.givenUp = new GivenUpEvents(this.view, store, clock);
  }

  start(): void {
    this.running ??= this.run();
  }

  state(): ReactionState {
    return {
      name: this.reaction.name,
      position: this.position,
      unfinishedCount: this.unfinished.count,
      parkedCount: this.givenUp.count,
      retries: this.retries,
      failure: this.failure ?? this.failing.values().next().value ?? null,
    };
  }

  /** Begins nothing new, and resolves when what is under way has ended. */
  async drain(): Promise<void> {
    this.closing.abort();
    await this.running;
  }

  /** Reacts again to an event that was given up. `parked` is its name in `ReadStore.parked`. Throws what the reaction throws. */
  async retry(parked: string): Promise<void> {
    await this.reaction.react(await this.givenUp.read(parked, this.log, this.feed));
    await this.givenUp.remove(parked);
  }

  private get position(): Position | null {
    return this.unfinished.finishedUpTo(this.readTo);
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    await this.untilDone(() => this.open());
    const saving = this.saveNowAndThen();
    while (!signal.aborted) await this.untilDone(() => this.readOn());
    await Promise.all(this.lanes.values());
    await saving;
    try {
      await this.save();
    } catch (error) {
      this.options.report?.(`reaction ${this.reaction.name}`, error);
    }
  }

  private async open(): Promise<void> {
    const view = { name: this.view, indexes: [] };
    await this.store.open(view);
    let checkpoint = await this.store.checkpoint(this.view);
    const head = await this.log.head();
    if (isBefore(head, checkpoint)) {
      // The log is an older copy. A reaction may see events again, but none may pass it by: it starts over.
      await this.store.drop(this.view);
      await this.store.open(view);
      checkpoint = null;
    }
    await this.givenUp.load();
    this.saved = this.readTo = checkpoint;
  }

  private async readOn(): Promise<void> {
    const { signal } = this.closing;
    while (this.unfinished.count >= (this.options.unfinishedMax ?? 1_000) && !signal.aborted) {
      await this.changed.rung(signal);
    }
    const page = await this.feed.read(this.readTo, PAGE);
    if (page.length === 0) return this.feed.moved(this.readTo, signal);
    const handled = page.filter(({ type }) => this.reaction.types.has(type));
    const events = await this.feed.decode(handled);
    const eventOf = new Map(handled.map((record, index) => [record, events[index]!]));
    for (const record of page) {
      const event = eventOf.get(record);
      if (event) this.begin(record.stream, event);
      this.readTo = record.position;
    }
    this.changed.ring();
  }

  private begin(stream: string, event: Envelope | Undecodable): void {
    const finish = this.unfinished.begin(this.readTo);
    const lane = (this.lanes.get(stream) ?? Promise.resolve())
      .then(() => this.finish(stream, event))
      .then((finished) => {
        if (finished) finish();
        if (this.lanes.get(stream) === lane) this.lanes.delete(stream);
        this.changed.ring();
      });
    this.lanes.set(stream, lane);
  }

  /** Tries until the event is done or given up; false when the service ends before. */
  private async finish(stream: string, event: Envelope | Undecodable): Promise<boolean> {
    const { signal } = this.closing;
    const backoff = new Backoff(this.options.retryFirstMs ?? 1_000, this.options.retryMaxMs ?? 60_000);
    while (!signal.aborted) {
      try {
        // A stream that waits for its next try takes no place away from others.
        if (!(await this.slots.within(() => this.reactOrPark(event)))) return false;
        this.failing.delete(stream);
        return true;
      } catch (error) {
        this.retries += 1;
        this.failing.set(stream, String(error));
        this.options.report?.(`reaction ${this.reaction.name} to ${stream}`, error);
      }
      await pause(backoff.nextMs(), signal);
    }
    return false;
  }

  /** False when the service, or its lead, ended while the event waited for its turn. */
  private async reactOrPark(event: Envelope | Undecodable): Promise<boolean> {
    const isHeld = this.options.isHeld?.() ?? true;
    if (this.closing.signal.aborted || !isHeld) return false;
    try {
      if (isUndecodable(event)) await this.givenUp.add(event.record, event.cause);
      else await this.reaction.react(event);
    } catch (error) {
      if (!(error instanceof GivenUp) || isUndecodable(event)) throw error;
      await this.givenUp.add(event, error.message);
    }
    return true;
  }

  /** A checkpoint that lags a little costs nothing but reacting again, which does no harm. */
  private async saveNowAndThen(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      if (this.position === this.saved) await this.changed.rung(signal);
      await pause(this.options.saveEveryMs ?? 250, signal);
      await this.untilDone(() => this.save());
    }
  }

  private async save(): Promise<void> {
    const { position } = this;
    if (position === null || position === this.saved) return;
    await this.store.save(this.view, [], position);
    this.saved = position;
  }

  private async untilDone(work: () => Promise<void>): Promise<void> {
    const backoff = new Backoff(100, 10_000);
    while (!this.closing.signal.aborted) {
      try {
        await work();
        this.failure = null;
        return;
      } catch (error) {
        this.failure = String(error);
        this.options.report?.(`reaction ${this.reaction.name}`, error);
        await pause(backoff.nextMs(), this.closing.signal);
      }
    }
  }
}
