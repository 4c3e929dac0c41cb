import { randomUUID } from 'node:crypto';

import type { EventRecord, EventStore, RecordedEvent } from '../../src/ports.js';

/** A stream that no other test uses: a real server's log outlives the tests. */
export const newStream = (): string => `contract-${randomUUID()}`;

export function event(type = 'Tested', data: object = {}): EventRecord {
  return { eventId: randomUUID(), type, data: JSON.stringify(data), metadata: JSON.stringify({ at: 1 }) };
}

export const events = (count: number): EventRecord[] =>
  Array.from({ length: count }, (_, n) => event('Tested', { n }));

export const idsOf = (recorded: readonly EventRecord[]): string[] => recorded.map(({ eventId }) => eventId);

/** The whole stream, in one page. */
export const streamOf = (store: EventStore, stream: string): Promise<RecordedEvent[]> =>
  store.readStream(stream, 0, 1_000);

/** Runs them at once; returns the values of those that succeeded and the errors of the others. */
export async function race<T>(attempts: readonly Promise<T>[]): Promise<{ won: T[]; lost: unknown[] }> {
  const settled = await Promise.allSettled(attempts);
  return {
    won: settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    lost: settled.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])),
  };
}
