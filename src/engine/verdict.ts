import type { Decision } from '../domain/decider.js';
import type { EventShapes, NewEvent } from '../domain/events.js';
import type { Instant } from '../ports.js';
import type { Current } from './folded-stream.js';

/** The stream is not at the revision the caller named. */
export class StaleRevision extends Error {
  override readonly name = 'StaleRevision';
}

/** What a decision makes of a state. */
export type Verdict<S extends EventShapes> =
  { readonly events: readonly NewEvent<S>[] } | { readonly refusal: unknown };

/** `ifRevision`: the only one that the caller wants the decision made on. */
export function judge<S extends EventShapes, State>(
  decision: Decision<S, State>,
  ifRevision: number | undefined,
  { state, revision }: Current<State>,
  now: Instant,
): Verdict<S> {
  if (ifRevision !== undefined && ifRevision !== revision) {
    return { refusal: new StaleRevision(`the stream is at revision ${revision}`) };
  }
  try {
    return { events: decision(state, now) };
  } catch (refusal) {
    return { refusal };
  }
}
