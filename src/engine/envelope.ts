import type { Instant, Position } from '../ports.js';

/** Who did it. `id` is an account id, an operator's user name, or the name of a job or reaction. */
export interface Actor {
  readonly kind: 'stranger' | 'account' | 'operator' | 'system';
  readonly id: string;
  /** The role under which a member of staff acted; null for everybody else. */
  readonly role: string | null;
}

/** What stands beside the data of every event. */
export interface EventMeta {
  readonly at: Instant;
  readonly actor: Actor;
  /** Whose data key seals the event; absent when nothing is sealed. */
  readonly person?: string;
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string;
  /** The version of the data's shape, from 1. */
  readonly schema: number;
  /** A monthly keyed hash of the client's address: traces one client across accounts. */
  readonly clientKey?: string;
  /** Keyed hash of the request body without its secrets: tells a repeated command from a reused `Idempotency-Key`. */
  readonly fingerprint?: string;
}

/** An event as read: decoded, unsealed, of today's shape. Sealed fields of an erased person are missing. */
export interface Envelope {
  readonly eventId: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta: EventMeta;
}

/** `account-0190…` → { category: 'account', id: '0190…' }; ids may hold hyphens, categories don't. */
export function partsOf(stream: string): { category: string; id: string } {
  const hyphen = stream.indexOf('-');
  return hyphen < 0
    ? { category: stream, id: '' }
    : { category: stream.slice(0, hyphen), id: stream.slice(hyphen + 1) };
}
