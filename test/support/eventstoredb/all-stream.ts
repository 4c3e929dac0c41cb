import type { Log } from './log.js';
import type { Logged } from './logged.js';
import { unknown } from './refusals.js';

export interface LogPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** A place in $all as a request names it. */
export type From = 'start' | 'end' | LogPosition;

const invalid = () => unknown('Unexpected ReadAllResult: Error');

/** The index of the first event to read forwards, inclusive. */
export function firstForwards(log: Log, from: From): number {
  if (from === 'start') return 0;
  const last = log.events.at(-1)!.position;
  // What is past the end is a position that may yet come.
  if (from === 'end' || from.commit > last) return log.events.length;
  const index = indexAt(log, from.commit);
  return from.prepare > from.commit ? index + 1 : index;
}

/** The index of the first event to read backwards, exclusive of the position. */
export function firstBackwards(log: Log, from: From): number {
  if (from === 'end') return log.events.length - 1;
  if (from === 'start') return -1;
  const index = from.commit === log.end ? log.events.length : indexAt(log, from.commit);
  // An event is before the position only when its end is: commit, then prepare.
  return from.prepare < from.commit ? index - 2 : index - 1;
}

/** The index of the first event of a subscription: exclusive. */
export function firstAfter(log: Log, from: From): number {
  if (from === 'start') return 0;
  return Math.min(firstForwards(log, from) + 1, log.events.length);
}

/** Where the reader stands that has considered all events before this index. */
export function positionBefore(log: Log, index: number): LogPosition {
  return { commit: log.events[index]?.position ?? log.end, prepare: 0n };
}

export const positionOf = ({ position }: Logged): LogPosition => ({ commit: position, prepare: position });

function indexAt(log: Log, position: bigint): number {
  if (position === 0n) return 0;
  let low = 0;
  let high = log.events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (log.events[middle]!.position < position) low = middle + 1;
    else high = middle;
  }
  if (log.events[low]?.position !== position) throw invalid();
  return low;
}
