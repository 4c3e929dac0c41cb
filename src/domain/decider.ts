import type { EventShapes, NewEvent, PastEvent } from './events.js';

/** A kind of stream: its events, and how they add up to a state. */
export interface Decider<S extends EventShapes, State> {
  /** Streams are named `<category>-<id>`. */
  readonly category: string;
  readonly events: S;
  readonly initial: State;
  /** Never throws and reads no clock: time comes with the event. */
  readonly evolve: (state: State, event: PastEvent<S>, at: number) => State;
}

/** What a command makes of a state: events to append (none: nothing new), or a `DomainError`. `now` is never before the
 *  stream's last event, whatever the clock says. */
export type Decision<S extends EventShapes, State> = (state: State, now: number) => readonly NewEvent<S>[];
