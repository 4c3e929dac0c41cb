import {
  type AppendExpectedRevision,
  type EventData,
  MaxAppendSizeExceededError,
  ANY,
  NO_STREAM,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { setTimeout as pause } from 'node:timers/promises';

import {
  type Appended,
  AppendTooLarge,
  type ExpectedRevision,
  OutcomeUnknown,
  VersionConflict,
} from '../../ports.js';
import type { AppendRequest } from '../append-request.js';
import { nothingWritten, reason, within } from './answers.js';
import type { Connection } from './connection.js';
import type { LogReads } from './log-reads.js';
import { positionText, proposed } from './stored-event.js';

/** How far back an append without a revision is looked for. */
const LOOK_BACK = 256;
const RETRY_MS = 100;
/** After gRPC's own deadline, so that its richer error comes first. */
const GRACE_MS = 250;

export interface AppendTimes {
  /** How long the server may take to answer an append. */
  readonly answerMs: number;
  /** How long it is then tried to find out what became of it. */
  readonly resolveMs: number;
}

/** Appends by unary calls, and finds out what became of those whose answer was lost. */
export class Appender {
  constructor(
    private readonly connection: Connection,
    private readonly reads: LogReads,
    private readonly prefix: string,
    private readonly times: AppendTimes,
  ) {}

  /** As `EventStore.append`, of a request that was checked. */
  async append(request: AppendRequest): Promise<Appended> {
    const events = request.events.map(proposed);
    try {
      return await this.send(request, events, this.times.answerMs);
    } catch (error) {
      if (isVerdict(error)) throw error;
      if (nothingWritten(error)) throw this.connection.unavailable(error);
      return this.resolve(request, events, error);
    }
  }

  private async send(request: AppendRequest, events: EventData[], deadline: number): Promise<Appended> {
    const { stream, expected } = request;
    try {
      const { nextExpectedRevision, position } = await this.connection.call(deadline, (client) =>
        within(
          deadline + GRACE_MS,
          client.appendToStream(this.prefix + stream, events, {
            expectedRevision: expectedRevision(expected),
            requiresLeader: true,
            deadline,
          }),
        ),
      );
      const revision = Number(nextExpectedRevision);
      if (position !== undefined) return { revision, position: positionText(position.commit) };
      // So the server answers a repetition that comes before the first copy was committed everywhere.
      const [last] = await this.reads.stream(stream, revision, 1);
      return { revision, position: last!.position };
    } catch (error) {
      throw verdict(error, request);
    }
  }

  private async resolve(request: AppendRequest, events: EventData[], lost: unknown): Promise<Appended> {
    const giveUpAt = performance.now() + this.times.resolveMs;
    try {
      return await within(this.times.resolveMs, this.settled(request, events, giveUpAt));
    } catch (error) {
      if (isVerdict(error)) throw error;
      const what = `nobody knows whether ${request.stream} was appended to`;
      throw new OutcomeUnknown(`${what}: ${reason(lost)}`, { cause: lost });
    }
  }

  /** Reads the stream until it tells what became of the append. Where nothing was written so far, sends it again: at a given revision
   *  the server writes the same events once, however often and late they arrive. Without a revision it promises no such thing. */
  private async settled(request: AppendRequest, events: EventData[], giveUpAt: number): Promise<Appended> {
    for (;;) {
      try {
        const found = await this.find(request);
        if (found !== null) return found;
        const left = giveUpAt - performance.now();
        if (request.expected !== 'Any' && left > 0) return await this.send(request, events, left);
      } catch (error) {
        // Else the store is away, and may be back in time.
        if (isVerdict(error)) throw error;
      }
      if (performance.now() > giveUpAt || this.connection.closed) throw new Error('no time is left');
      await pause(RETRY_MS);
    }
  }

  /** The append as it was written; null while it still may be. Throws `VersionConflict` when it never can. */
  private async find(request: AppendRequest): Promise<Appended | null> {
    const { stream, expected, events } = request;
    const count = events.length;
    const written =
      expected === 'Any'
        ? (await this.reads.endOfStream(stream, Math.max(LOOK_BACK, count))).reverse()
        : await this.reads.stream(stream, expected === 'NoStream' ? 0 : expected + 1, count);
    const first = written.findIndex(({ eventId }) => eventId === events[0]!.eventId);
    const last = first < 0 ? undefined : written[first + count - 1];
    if (last !== undefined) return { revision: last.revision, position: last.position };
    if (expected === 'Any' || written.length === 0) return null;
    const [end] = await this.reads.endOfStream(stream, 1);
    throw new VersionConflict(stream, expected, end!.revision);
  }
}

const expectedRevision = (expected: ExpectedRevision): AppendExpectedRevision =>
  expected === 'Any' ? ANY : expected === 'NoStream' ? NO_STREAM : BigInt(expected);

const isVerdict = (error: unknown): boolean =>
  error instanceof VersionConflict || error instanceof AppendTooLarge;

function verdict(error: unknown, { stream, expected }: AppendRequest): unknown {
  if (error instanceof WrongExpectedVersionError) {
    const actual = typeof error.actualVersion === 'bigint' ? Number(error.actualVersion) : -1;
    return new VersionConflict(stream, expected, actual);
  }
  if (error instanceof MaxAppendSizeExceededError) {
    return new AppendTooLarge(`the append to ${stream} is larger than the server takes`, { cause: error });
  }
  return error;
}
