import type { Clock, EventStore, ReadStore } from '../ports.js';
import type { Feed } from './follower.js';
import { soleLead, type Lead, type Term } from './lease.js';
import type { Reaction } from './projection.js';
import {
  idleState,
  ReactionRun,
  reactionView,
  type ReactionOptions,
  type ReactionState,
} from './reaction-run.js';
import { aborted, endsWithin, pause } from './waiting.js';

export interface ReactorOptions extends ReactionOptions {
  /** Decides when this instance is the one that reacts; by default it always is. */
  readonly leadOf?: (reaction: string) => Lead;
  /** How often this looks after the reactions that others lead. */
  readonly lookEveryMs?: number;
}

/** Lets each reaction go through the log at its own pace, wherever this instance leads. */
export class Reactor {
  /** While this instance leads. */
  private readonly runs = new Map<string, ReactionRun>();
  private readonly known: Map<string, ReactionState>;
  private readonly closing = new AbortController();
  private running: Promise<unknown> | null = null;

  constructor(
    private readonly reactions: readonly Reaction[],
    private readonly feed: Feed,
    private readonly log: Pick<EventStore, 'head' | 'readStream'>,
    private readonly store: ReadStore,
    private readonly clock: Clock,
    private readonly options: ReactorOptions = {},
  ) {
    this.known = new Map(reactions.map(({ name }) => [name, idleState(name)]));
  }

  start(): void {
    const { signal } = this.closing;
    const leadOf = this.options.leadOf ?? (() => soleLead);
    this.running ??= Promise.all([
      ...this.reactions.map((reaction) =>
        leadOf(reaction.name).lead((term) => this.lead(reaction, term), signal),
      ),
      this.lookAfterOthers(signal),
    ]);
  }

  states(): ReactionState[] {
    return [...this.known.values()].map((known) => this.runs.get(known.name)?.state() ?? known);
  }

  /** Calls a reaction again for an event that it gave up, named as in `ReadStore.parked`. Throws what the reaction throws. */
  async retry(name: string, parked: string): Promise<void> {
    const reaction = this.reactions.find((each) => each.name === name);
    if (!reaction) throw new Error(`there is no reaction ${name}`);
    await (this.runs.get(name) ?? this.runOf(reaction)).retry(parked);
  }

  /** Begins nothing new and waits for what is under way. False when something took longer: it will come again at the next start. */
  drain(timeoutMs: number): Promise<boolean> {
    this.closing.abort();
    return endsWithin(timeoutMs, this.running ?? Promise.resolve());
  }

  private async lead(reaction: Reaction, term: Term): Promise<void> {
    const run = this.runOf(reaction, () => term.isHeld());
    this.runs.set(reaction.name, run);
    run.start();
    await aborted(term.signal);
    await run.drain();
    this.known.set(reaction.name, run.state());
    this.runs.delete(reaction.name);
  }

  private runOf(reaction: Reaction, isHeld?: () => boolean): ReactionRun {
    const { feed, log, store, clock, options } = this;
    return new ReactionRun(reaction, feed, log, store, clock, { ...options, ...(isHeld && { isHeld }) });
  }

  private async lookAfterOthers(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const [name, known] of this.known) {
        if (!this.runs.has(name)) this.known.set(name, await this.stateElsewhere(name, known));
      }
      await pause(this.options.lookEveryMs ?? 1_000, signal);
    }
  }

  private async stateElsewhere(name: string, known: ReactionState): Promise<ReactionState> {
    try {
      const view = reactionView(name);
      const position = await this.store.checkpoint(view);
      return { ...idleState(name), position, parkedCount: (await this.store.parked(view)).length };
    } catch (error) {
      return { ...known, failure: String(error) };
    }
  }
}
