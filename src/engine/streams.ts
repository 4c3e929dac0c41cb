import type { Decider, Decision } from '../domain/decider.js';
import type { EventShapes, NewEvent } from '../domain/events.js';
import type { Appended, Clock, EventStore, Ids } from '../ports.js';
import type { Codec } from './codec.js';
import { Deciding, type CommandContext, type Decided } from './deciding.js';
import { emptyStream, type Current } from './folded-stream.js';
import { StreamCache } from './stream-cache.js';
import { Turns } from './turns.js';

export { CommandIdReused, type CommandContext, type Decided } from './deciding.js';
export { StreamUnreadable, type Current } from './folded-stream.js';
export { StaleRevision } from './verdict.js';

const WAITING_MAX = 2_000;
const CACHED_STREAMS_MAX = 50_000;

export interface StreamsOptions {
  /** Nobody else appends to this log, so that a cached state is the truth. */
  readonly soleWriter: boolean;
  readonly cachedStreamsMax?: number;
  /** Goes on evenly, whatever happens to the clock on the wall. */
  readonly uptimeMs?: () => number;
}

/** Decides on the state of one stream at a time. States are cached; commands on one stream queue up. */
export class Streams {
  private readonly cache: StreamCache;
  private readonly deciding: Deciding;
  private readonly turns = new Turns(WAITING_MAX);

  constructor(
    private readonly store: EventStore,
    codec: Codec,
    private readonly clock: Clock,
    ids: Ids,
    private readonly options: StreamsOptions,
  ) {
    const { soleWriter, cachedStreamsMax = CACHED_STREAMS_MAX, uptimeMs = () => performance.now() } = options;
    this.cache = new StreamCache(store, codec, uptimeMs, soleWriter, cachedStreamsMax);
    this.deciding = new Deciding(store, codec, clock, ids, this.cache, soleWriter);
  }

  /** Appends what the decision makes of the stream's state, once for each command id. Throws what the decision throws,
   *  `StaleRevision`, `CommandIdReused`, `StreamUnreadable`, `QueueFull`, and the store's errors. */
  decide<S extends EventShapes, State>(
    decider: Decider<S, State>,
    id: string,
    decision: Decision<S, State>,
    context: CommandContext,
    /** Whose data key seals the events; by default the stream's own id names the person. */
    person: string = id,
  ): Promise<Decided<S, State>> {
    const stream = streamName(decider, id);
    return this.turns.take(stream, () =>
      this.deciding.decide({ decider, stream, decision, context, person }),
    );
  }

  /** As `decide`, for a stream among many that most likely is new: it is read only where it turns out to be there, and not held in
   *  the place of streams that are in use. */
  decideOnNew<S extends EventShapes, State>(
    decider: Decider<S, State>,
    id: string,
    decision: Decision<S, State>,
    context: CommandContext,
  ): Promise<Decided<S, State>> {
    const stream = streamName(decider, id);
    const task = { decider, stream, decision, context, person: id, inPassing: true };
    return this.turns.take(stream, () => this.deciding.decide(task, emptyStream(decider.initial)));
  }

  /** What this command did before; null when it was not done. For commands that cannot decide anew once they were done: their link
   *  is used up. Throws `CommandIdReused`, `StreamUnreadable`, and the store's errors. */
  done<S extends EventShapes, State>(
    decider: Decider<S, State>,
    id: string,
    context: CommandContext,
  ): Promise<Decided<S, State> | null> {
    const stream = streamName(decider, id);
    return this.turns.take(stream, async () => {
      const cached = this.options.soleWriter ? this.cache.get<State>(stream) : undefined;
      const current = cached ?? (await this.cache.upToDate(decider, stream));
      const known = current.commands.get(context.commandId);
      return known ? this.deciding.answerAgain<S, State>(stream, current, known, context) : null;
    });
  }

  /** Appends facts that nobody decides on, whatever else is in the stream. */
  async record<S extends EventShapes>(
    decider: Pick<Decider<S, unknown>, 'category'>,
    id: string,
    events: readonly NewEvent<S>[],
    context: CommandContext,
  ): Promise<Appended> {
    const stream = streamName(decider, id);
    const records = await this.deciding.encode(stream, events, context, this.clock.now(), id);
    return this.store.append(stream, 'Any', records);
  }

  /** The state as of now. */
  async read<S extends EventShapes, State>(decider: Decider<S, State>, id: string): Promise<Current<State>> {
    const stream = streamName(decider, id);
    const known = this.options.soleWriter ? this.cache.get<State>(stream) : undefined;
    return known ?? this.turns.take(stream, () => this.cache.upToDate(decider, stream));
  }

  /** The state as it was at most 500 ms ago, for what is asked on every request: what another instance did in the meantime is missing. */
  async recent<S extends EventShapes, State>(
    decider: Decider<S, State>,
    id: string,
  ): Promise<Current<State>> {
    const stream = streamName(decider, id);
    const { cache } = this;
    return (
      cache.fresh<State>(stream) ??
      // One read serves all who waited for it.
      this.turns.take(
        stream,
        async () => cache.fresh<State>(stream) ?? (await cache.upToDate(decider, stream)),
      )
    );
  }
}

export const streamName = (decider: { readonly category: string }, id: string): string =>
  `${decider.category}-${id}`;
