import type { Instant, Position, RecordedEvent } from '../ports.js';

/** How far something is behind the log. */
export interface Lag {
  /** Events that it has still to see. */
  readonly events: number;
  /** False when there are too many to count: `events` is then the least that it can be. */
  readonly exact: boolean;
  /** Age of the oldest of them; 0 when there is none. */
  readonly seconds: number;
}

/** A log whose events can be counted, exactly or at least: a `Follower`, or a store that knows. */
export interface CountableLog {
  read(after: Position | null, limit: number): Promise<readonly RecordedEvent[]>;
  countAfter(position: Position | null): { readonly events: number; readonly exact: boolean };
}

/** Looked at from outside, so that what died lags too. Throws when the log cannot be read. */
export async function lagOf(log: CountableLog, position: Position | null, now: Instant): Promise<Lag> {
  const [oldest] = await log.read(position, 1);
  if (!oldest) return { events: 0, exact: true, seconds: 0 };
  return { ...log.countAfter(position), seconds: Math.max(0, now - (instantOf(oldest) ?? now)) / 1000 };
}

/** When an event happened; null when nobody can tell, as its metadata cannot be read. */
function instantOf(event: RecordedEvent): Instant | null {
  try {
    const { at } = JSON.parse(event.metadata) as { at?: unknown };
    return typeof at === 'number' ? at : null;
  } catch {
    return null;
  }
}
