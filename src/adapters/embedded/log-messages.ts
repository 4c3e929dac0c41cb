import type { EventRecord, ExpectedRevision } from '../../ports.js';
import type { AppendRequest } from '../append-request.js';
import type { LogOutcome } from './log-database.js';

/** To the writer thread: appends, in the order of their answers; 'close' is the last message. */
export type ToWriter = PackedAppends | 'close';
/** From the writer thread: 'ready' comes first, then an outcome for each append. */
export type FromWriter = 'ready' | readonly LogOutcome[];

/** Appends as one array of texts and numbers: objects cost four times as much to copy between threads. */
export type PackedAppends = (string | number)[];

export function pack({ stream, expected, events }: AppendRequest, into: PackedAppends): void {
  into.push(stream, expected, events.length);
  for (const { eventId, type, data, metadata } of events) into.push(eventId, type, data, metadata);
}

export function unpack(packed: PackedAppends, into: AppendRequest[]): void {
  for (let at = 0; at < packed.length;) {
    const stream = packed[at++] as string;
    const expected = packed[at++] as ExpectedRevision;
    const events = new Array<EventRecord>(packed[at++] as number);
    for (let index = 0; index < events.length; index++) {
      events[index] = {
        eventId: packed[at++] as string,
        type: packed[at++] as string,
        data: packed[at++] as string,
        metadata: packed[at++] as string,
      };
    }
    into.push({ stream, expected, events });
  }
}
