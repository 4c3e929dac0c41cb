import type { EventShapes, PastEvent } from '../domain/events.js';
import type { Envelope } from './envelope.js';

/** An event of known shape, with its envelope. */
export type Recorded<S extends EventShapes> = PastEvent<S> & Omit<Envelope, 'type' | 'data'>;

/** A pure fold of events to one document a key. All events of one document come from one stream, in order; each may come again.
 *  Raise the number in `name` to rebuild under another shape beside the old one. */
export interface Projection<Doc extends object = object> {
  readonly name: string;
  /** Top-level fields of the document that it can be asked by. */
  readonly indexes: readonly string[];
  readonly types: ReadonlySet<string>;
  /** The document that the event belongs to; null when it belongs to none. */
  readonly keyOf: (event: Envelope) => string | null;
  /** null deletes. Never throws, reads no clock: time comes with the event. Personal fields may be missing. */
  fold(doc: Doc | null, event: Envelope): Doc | null;
}

/** What follows from an event: a command or a mail. It decides on the stream before it acts, since the event may come again. */
export interface Reaction {
  readonly name: string;
  readonly types: ReadonlySet<string>;
  /** Throws to be called again later, with growing pauses; `GivenUp` to have the event set aside, visibly. */
  readonly react: (event: Envelope) => Promise<void>;
}

/** Trying again would not help: the event is parked with this cause. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}
