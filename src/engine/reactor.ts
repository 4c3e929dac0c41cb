import type { Clock, EventStore, ReadStore } from '../ports.js';
import type { Feed } from './follower.js';
import type { Reaction } from './projection.js';
import { ReactionRun, type ReactionOptions, type ReactionState } from './reaction-run.js';
import { endsWithin } from './waiting.js';

/** Lets each reaction go through the log at its own pace. */
export class Reactor {
  private readonly runs: ReadonlyMap<string, ReactionRun>;

  constructor(
    reactions: readonly Reaction[],
    feed: Feed,
    log: Pick<EventStore, 'head' | 'readStream'>,
    store: ReadStore,
    clock: Clock,
    options: ReactionOptions = {},
  ) {
    this.runs = new Map(
      reactions.map((reaction) => [
        reaction.name,
        new ReactionRun(reaction, feed, log, store, clock, options),
      ]),
    );
  }

  start(): void {
    for (const run of this.runs.values()) run.start();
  }

  states(): ReactionState[] {
    return [...this.runs.values()].map((run) => run.state());
  }

  /** Calls a reaction again for an event that it gave up, named as in `ReadStore.parked`. Throws what the reaction throws. */
  async retry(reaction: string, parked: string): Promise<void> {
    const run = this.runs.get(reaction);
    if (!run) throw new Error(`there is no reaction ${reaction}`);
    await run.retry(parked);
  }

  /** Begins nothing new and waits for what is under way. False when something took longer: it will come again at the next start. */
  drain(timeoutMs: number): Promise<boolean> {
    return endsWithin(timeoutMs, Promise.all([...this.runs.values()].map((run) => run.drain())));
  }
}
