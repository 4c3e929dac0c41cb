import type { Decider, Decision } from '../domain/decider.js';
import type { EventShapes, NewEvent, PastEvent } from '../domain/events.js';
import {
  OutcomeUnknown,
  StoreUnavailable,
  VersionConflict,
  type Appended,
  type Clock,
  type EventStore,
  type ExpectedRevision,
  type Ids,
  type Instant,
  type Position,
} from '../ports.js';
import { isUndecodable, type Codec } from './codec.js';
import type { Actor, Envelope } from './envelope.js';
import { RecentMap } from './recent-map.js';
import { Turns } from './turns.js';

/** Who asks, and what makes a repetition of the same command known. */
export interface CommandContext {
  readonly commandId: string;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly causationId: string;
  readonly clientKey?: string;
  readonly fingerprint?: string;
  /** The revision that the caller saw; another one is refused with `StaleRevision`. */
  readonly ifRevision?: number;
}

export interface Current<State> {
  readonly state: State;
  /** -1 for an empty stream. */
  readonly revision: number;
  /** Of the stream's last event; null for an empty stream. */
  readonly position: Position | null;
}

export interface Decided<S extends EventShapes, State> extends Current<State> {
  /** What this command wrote, now or the first time. */
  readonly events: readonly PastEvent<S>[];
  readonly repeated: boolean;
}

/** The stream is not at the revision the caller named. */
export class StaleRevision extends Error {
  override readonly name = 'StaleRevision';
}

/** This command id stands for a request with another body. */
export class CommandIdReused extends Error {
  override readonly name = 'CommandIdReused';
}

/** The stream holds an event that this program cannot read: deciding on a part of the truth would be worse than refusing. */
export class StreamUnreadable extends Error {
  override readonly name = 'StreamUnreadable';
}

const PAGE = 250;
const ATTEMPTS_MAX = 12;
const WAITING_MAX = 2_000;
const COMMANDS_REMEMBERED_MAX = 512;
const COMMANDS_REMEMBERED_MS = 24 * 3_600_000;
const READ_REUSED_MS = 500;

interface Remembered {
  readonly at: Instant;
  readonly revision: number;
  readonly count: number;
  readonly fingerprint: string | undefined;
}

interface Cached<State> extends Current<State> {
  readonly at: Instant;
  /** When this was last known to be the end of the stream. */
  readonly freshAt: Instant;
  /** In order of time. */
  readonly commands: Map<string, Remembered>;
}

/** Decides on the state of one stream at a time. States are cached; commands on one stream queue up. */
export class Streams {
  private readonly cache: RecentMap<string, Cached<unknown>>;
  private readonly turns = new Turns(WAITING_MAX);

  constructor(
    private readonly store: EventStore,
    private readonly codec: Codec,
    private readonly clock: Clock,
    private readonly ids: Ids,
    /** `soleWriter`: nobody else appends to this log, so that a cached state is the truth. */
    private readonly options: { readonly soleWriter: boolean; readonly cachedStreamsMax?: number },
  ) {
    this.cache = new RecentMap(options.cachedStreamsMax ?? 50_000);
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
    return this.turns.take(stream, () => this.decideInTurn(decider, stream, decision, context, person));
  }

  /** Appends facts that nobody decides on, whatever else is in the stream. */
  async record<S extends EventShapes>(
    decider: Pick<Decider<S, unknown>, 'category'>,
    id: string,
    events: readonly NewEvent<S>[],
    context: CommandContext,
  ): Promise<Appended> {
    const stream = streamName(decider, id);
    const records = await this.encode(stream, events, context, this.clock.now(), id);
    return this.store.append(stream, 'Any', records);
  }

  /** The state as of now: another instance's events are seen within 500 ms. */
  async read<S extends EventShapes, State>(decider: Decider<S, State>, id: string): Promise<Current<State>> {
    const stream = streamName(decider, id);
    const cached = this.cached<State>(stream);
    if (cached && this.isFresh(cached)) return cached;
    return this.turns.take(stream, () => this.upToDate(decider, stream));
  }

  private async decideInTurn<S extends EventShapes, State>(
    decider: Decider<S, State>,
    stream: string,
    decision: Decision<S, State>,
    context: CommandContext,
    person: string,
  ): Promise<Decided<S, State>> {
    let current = this.cached<State>(stream) ?? (await this.upToDate(decider, stream));
    let readOn = this.options.soleWriter;
    for (let attempt = 1; ; attempt += 1) {
      const known = current.commands.get(context.commandId);
      if (known) return this.answerAgain(stream, current, known, context);
      const now = Math.max(this.clock.now(), current.at);
      let events: readonly NewEvent<S>[];
      try {
        if (context.ifRevision !== undefined && context.ifRevision !== current.revision) {
          throw new StaleRevision(`the stream is at revision ${current.revision}`);
        }
        events = decision(current.state, now);
      } catch (error) {
        // A refusal from a cached state may be out of date where others write: look, then decide once more.
        if (readOn) throw error;
        readOn = true;
        current = await this.upToDate(decider, stream);
        continue;
      }
      if (events.length === 0) {
        if (readOn) return { ...current, events, repeated: false };
        readOn = true;
        current = await this.upToDate(decider, stream);
        continue;
      }
      try {
        return await this.append(decider, stream, current, events, context, now, person);
      } catch (error) {
        const open = error instanceof VersionConflict || error instanceof OutcomeUnknown;
        if (!open || attempt >= ATTEMPTS_MAX) throw error;
        current = await this.afterFailure(decider, stream, error);
        readOn = true;
        // When the outcome was unknown and the command is not there, it was not written: deciding again is safe.
      }
    }
  }

  private async append<S extends EventShapes, State>(
    decider: Decider<S, State>,
    stream: string,
    current: Cached<State>,
    events: readonly NewEvent<S>[],
    context: CommandContext,
    at: Instant,
    person: string,
  ): Promise<Decided<S, State>> {
    const records = await this.encode(stream, events, context, at, person);
    const expected: ExpectedRevision = current.revision < 0 ? 'NoStream' : current.revision;
    let appended: Appended;
    try {
      appended = await this.store.append(stream, expected, records);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) this.cache.delete(stream);
      throw error;
    }
    const past = events as readonly PastEvent<S>[];
    const next: Cached<State> = {
      state: past.reduce((state, event) => decider.evolve(state, event, at), current.state),
      revision: appended.revision,
      position: appended.position,
      at,
      freshAt: this.clock.now(),
      commands: remember(current.commands, context.commandId, {
        at,
        revision: current.revision + 1,
        count: events.length,
        fingerprint: context.fingerprint,
      }),
    };
    this.cache.set(stream, next);
    return { ...next, events: past, repeated: false };
  }

  private encode<S extends EventShapes>(
    stream: string,
    events: readonly NewEvent<S>[],
    { ifRevision: _, ...named }: CommandContext,
    at: Instant,
    person: string,
  ) {
    return Promise.all(
      events.map((event) => this.codec.encode(event, { ...named, at, person }, stream, this.ids.next())),
    );
  }

  private async afterFailure<S extends EventShapes, State>(
    decider: Decider<S, State>,
    stream: string,
    error: VersionConflict | OutcomeUnknown,
  ): Promise<Cached<State>> {
    try {
      return await this.upToDate(decider, stream);
    } catch (readError) {
      // Nobody can tell whether it was written: that stays the answer, and the same Idempotency-Key settles it later.
      if (error instanceof OutcomeUnknown) throw error;
      throw readError;
    }
  }

  private async answerAgain<S extends EventShapes, State>(
    stream: string,
    current: Cached<State>,
    known: Remembered,
    context: CommandContext,
  ): Promise<Decided<S, State>> {
    if (known.fingerprint !== context.fingerprint) {
      throw new CommandIdReused('this Idempotency-Key was used with another request');
    }
    const records = await this.store.readStream(stream, known.revision, known.count);
    const events = (await this.codec.decode(records)) as Envelope[];
    return { ...current, events: events as unknown as PastEvent<S>[], repeated: true };
  }

  /** Reads on from the cached revision (or from the start), in pages, giving the event loop a turn after each. */
  private async upToDate<S extends EventShapes, State>(
    decider: Decider<S, State>,
    stream: string,
  ): Promise<Cached<State>> {
    let current: Cached<State> = this.cached<State>(stream) ?? empty(decider.initial);
    for (;;) {
      const askedAt = this.clock.now();
      const page = await this.store.readStream(stream, current.revision + 1, PAGE);
      current = { ...fold(decider, current, await this.codec.decode(page)), freshAt: askedAt };
      if (page.length < PAGE) break;
      await new Promise((resume) => setImmediate(resume));
    }
    this.cache.set(stream, current);
    return current;
  }

  private cached<State>(stream: string): Cached<State> | undefined {
    return this.cache.get(stream) as Cached<State> | undefined;
  }

  private isFresh(cached: Cached<unknown>): boolean {
    return this.options.soleWriter || Math.abs(this.clock.now() - cached.freshAt) < READ_REUSED_MS;
  }
}

export const streamName = (decider: { readonly category: string }, id: string): string =>
  `${decider.category}-${id}`;

const empty = <State>(initial: State): Cached<State> => ({
  state: initial,
  revision: -1,
  position: null,
  at: 0,
  freshAt: 0,
  commands: new Map(),
});

function fold<S extends EventShapes, State>(
  decider: Decider<S, State>,
  from: Cached<State>,
  page: Awaited<ReturnType<Codec['decode']>>,
): Cached<State> {
  let { state, revision, position, at } = from;
  const commands = new Map(from.commands);
  for (const event of page) {
    if (isUndecodable(event)) {
      throw new StreamUnreadable(`${event.record.stream}@${event.record.revision}: ${event.cause}`);
    }
    state = decider.evolve(state, event as unknown as PastEvent<S>, event.meta.at);
    const known = commands.get(event.meta.commandId);
    commands.set(event.meta.commandId, {
      at: event.meta.at,
      revision: known?.revision ?? event.revision,
      count: (known?.count ?? 0) + 1,
      fingerprint: event.meta.fingerprint,
    });
    ({ revision, position } = event);
    at = event.meta.at;
  }
  forget(commands, at);
  return { state, revision, position, at, freshAt: from.freshAt, commands };
}

function remember(commands: Map<string, Remembered>, id: string, what: Remembered): Map<string, Remembered> {
  commands.set(id, what);
  forget(commands, what.at);
  return commands;
}

/** Command ids are promised for 24 hours, and 512 a stream. */
function forget(commands: Map<string, Remembered>, now: Instant): void {
  for (const [id, { at }] of commands) {
    if (commands.size <= COMMANDS_REMEMBERED_MAX && now - at <= COMMANDS_REMEMBERED_MS) return;
    commands.delete(id);
  }
}
