import type { Decider } from '../domain/decider.js';
import type { EventShapes, PastEvent } from '../domain/events.js';
import type { Instant, Position } from '../ports.js';
import { isUndecodable, type Undecodable } from './codec.js';
import { CommandMemory } from './command-memory.js';
import type { Envelope } from './envelope.js';

export interface Current<State> {
  readonly state: State;
  /** -1 for an empty stream. */
  readonly revision: number;
  /** Of the stream's last event; null for an empty stream. */
  readonly position: Position | null;
}

/** A stream up to some revision. */
export interface FoldedStream<State> extends Current<State> {
  /** Of the stream's last event. */
  readonly at: Instant;
  /** When this was last known to be the end of the stream, in milliseconds of the process's own time. */
  readonly freshAt: number;
  readonly commands: CommandMemory;
}

/** The stream holds an event that this program cannot read: deciding on a part of the truth would be worse than refusing. */
export class StreamUnreadable extends Error {
  override readonly name = 'StreamUnreadable';
}

export const emptyStream = <State>(initial: State): FoldedStream<State> => ({
  state: initial,
  revision: -1,
  position: null,
  at: 0,
  freshAt: Number.NEGATIVE_INFINITY,
  commands: new CommandMemory(),
});

/** Throws `StreamUnreadable` for the first event that could not be decoded. */
export function allReadable(page: readonly (Envelope | Undecodable)[]): Envelope[] {
  return page.map((event) => {
    if (!isUndecodable(event)) return event;
    throw new StreamUnreadable(`${event.record.stream}@${event.record.revision}: ${event.cause}`);
  });
}

/** The stream with the events that follow it. */
export function foldOn<S extends EventShapes, State>(
  decider: Decider<S, State>,
  from: FoldedStream<State>,
  page: readonly Envelope[],
  freshAt: number,
): FoldedStream<State> {
  if (page.length === 0) return { ...from, freshAt };
  let { state, revision, position, at } = from;
  const commands = new CommandMemory(from.commands);
  for (const event of page) {
    ({ revision, position } = event);
    ({ at } = event.meta);
    // The codec has checked the shape against the decider's own events.
    state = decider.evolve(state, event as unknown as PastEvent<S>, at);
    const { commandId, fingerprint } = event.meta;
    commands.remember(commandId, { at, revision, count: 1, fingerprint });
  }
  commands.forget(at);
  return { state, revision, position, at, freshAt, commands };
}
