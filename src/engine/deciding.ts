import { setTimeout as sleep } from 'node:timers/promises';
import type { Decider, Decision } from '../domain/decider.js';
import type { EventShapes, NewEvent, PastEvent } from '../domain/events.js';
import {
  OutcomeUnknown,
  StoreUnavailable,
  VersionConflict,
  type Clock,
  type EventRecord,
  type EventStore,
  type Ids,
  type Instant,
} from '../ports.js';
import { AppendAttempts } from './append-attempts.js';
import type { Codec } from './codec.js';
import type { RememberedCommand } from './command-memory.js';
import type { Actor } from './envelope.js';
import { allReadable, emptyStream, type Current, type FoldedStream } from './folded-stream.js';
import type { StreamCache } from './stream-cache.js';
import { judge } from './verdict.js';

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

/** `revision` and `position` are those of the last event that the command wrote, also where it is answered again; of a command that
 *  wrote nothing, the stream's. */
export interface Decided<S extends EventShapes, State> extends Current<State> {
  /** What this command wrote, now or the first time. */
  readonly events: readonly PastEvent<S>[];
  readonly repeated: boolean;
}

/** This command id stands for a request with another body. */
export class CommandIdReused extends Error {
  override readonly name = 'CommandIdReused';
}

/** One command at one stream. */
export interface Task<S extends EventShapes, State> {
  readonly decider: Decider<S, State>;
  readonly stream: string;
  readonly decision: Decision<S, State>;
  readonly context: CommandContext;
  readonly person: string;
  /** Read again when it is needed again. */
  readonly inPassing?: boolean;
}

/** What becomes of one command: the decision, the append, and trying again where somebody else was faster or nobody knows. One at a
 *  time for each stream. */
export class Deciding {
  constructor(
    private readonly store: EventStore,
    private readonly codec: Codec,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly cache: StreamCache,
    private readonly soleWriter: boolean,
  ) {}

  /** `presumed`: what the stream most likely is, without having read it. */
  async decide<S extends EventShapes, State>(
    task: Task<S, State>,
    presumed?: FoldedStream<State>,
  ): Promise<Decided<S, State>> {
    const cached = this.cache.get<State>(task.stream);
    let current = cached ?? presumed ?? (await this.cache.upToDate(task.decider, task.stream));
    // Where others write, a refusal or silence from a cached state may be out of date: look, then decide once more.
    let certain = cached ? this.soleWriter : !presumed;
    const attempts = new AppendAttempts();
    try {
      for (;;) {
        const tried = await this.tryOnce(task, current, certain, attempts);
        if ('answer' in tried) return tried.answer;
        const restMs = attempts.restMs();
        if (restMs > 0) await sleep(restMs);
        current = await this.cache.upToDate(task.decider, task.stream, tried.readFrom);
        certain = true;
      }
    } catch (error) {
      throw attempts.openAfter(current.revision) ?? error;
    }
  }

  /** The answer, or the stream from where to read on before the next attempt. */
  private async tryOnce<S extends EventShapes, State>(
    task: Task<S, State>,
    current: FoldedStream<State>,
    certain: boolean,
    attempts: AppendAttempts,
  ): Promise<{ answer: Decided<S, State> } | { readFrom: FoldedStream<State> }> {
    const { decider, stream, context, person } = task;
    const known = current.commands.get(context.commandId);
    if (known) return { answer: await this.answerAgain(stream, current, known, context, attempts) };
    const at = Math.max(this.clock.now(), current.at);
    const verdict = judge(task.decision, context.ifRevision, current, at);
    if ('refusal' in verdict || verdict.events.length === 0) {
      if (!certain) return { readFrom: current };
      if ('refusal' in verdict) throw verdict.refusal;
      const open = attempts.openAfter(current.revision);
      if (open) throw open;
      return { answer: { ...current, events: [], repeated: false } };
    }
    const records = await this.encode(stream, verdict.events, context, at, person);
    try {
      return { answer: await this.append(task, current, verdict.events, records, at) };
    } catch (error) {
      attempts.failed(error, current.revision, records[0]!.eventId);
      // A stream that ends before what was read of it has lost events: nothing read of it counts any more.
      const lost = error instanceof VersionConflict && error.actual < current.revision;
      return { readFrom: lost ? emptyStream(decider.initial) : current };
    }
  }

  private async append<S extends EventShapes, State>(
    { decider, stream, context: { commandId, fingerprint }, inPassing }: Task<S, State>,
    current: FoldedStream<State>,
    events: readonly NewEvent<S>[],
    records: readonly EventRecord[],
    at: Instant,
  ): Promise<Decided<S, State>> {
    const expected = current.revision < 0 ? 'NoStream' : current.revision;
    const appended = await this.store.append(stream, expected, records).catch((error: unknown) => {
      if (!leavesCacheTrue(error, current.revision)) this.cache.drop(stream);
      throw error;
    });
    const past = events as readonly PastEvent<S>[];
    const { commands } = current;
    commands.remember(commandId, { at, revision: current.revision + 1, count: events.length, fingerprint });
    commands.forget(at);
    const next: FoldedStream<State> = {
      state: past.reduce((state, event) => decider.evolve(state, event, at), current.state),
      revision: appended.revision,
      position: appended.position,
      at,
      freshAt: this.cache.uptimeMs(),
      commands,
    };
    // What is held must not fall behind, either.
    if (!inPassing || this.cache.get(stream)) this.cache.set(stream, next);
    return { ...next, events: past, repeated: false };
  }

  async encode<S extends EventShapes>(
    stream: string,
    events: readonly NewEvent<S>[],
    { ifRevision: _, ...named }: CommandContext,
    at: Instant,
    person: string,
  ): Promise<EventRecord[]> {
    const records: EventRecord[] = [];
    const meta = { ...named, at, person };
    for (const event of events) {
      records.push(await this.codec.encode(event, meta, stream, this.ids.next()));
    }
    return records;
  }

  /** As the first time. Throws `CommandIdReused`, and `OutcomeUnknown` when it cannot be read. */
  async answerAgain<S extends EventShapes, State>(
    stream: string,
    current: FoldedStream<State>,
    known: RememberedCommand,
    context: CommandContext,
    attempts: AppendAttempts = new AppendAttempts(),
  ): Promise<Decided<S, State>> {
    if (known.fingerprint !== context.fingerprint) {
      throw new CommandIdReused('this Idempotency-Key was used with another request');
    }
    const records = await this.store
      .readStream(stream, known.revision, known.count)
      .catch((cause: unknown) => {
        throw new OutcomeUnknown('the command was done, but what it did cannot be read now', { cause });
      });
    const events = allReadable(await this.codec.decode(records)) as unknown as PastEvent<S>[];
    const { revision, position } = records.at(-1) ?? current;
    return { ...current, revision, position, events, repeated: !attempts.wrote(records[0]?.eventId) };
  }
}

const leavesCacheTrue = (error: unknown, revision: number): boolean =>
  error instanceof StoreUnavailable || (error instanceof VersionConflict && error.actual > revision);
