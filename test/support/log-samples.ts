import type { EventRecord, EventStore } from '../../src/ports.js';

/** An event of its own id, told by its number. */
export const sampleEvent = (number: number, bytes = 40): EventRecord => ({
  eventId: `0190a5e0-0000-7000-8000-${String(number).padStart(12, '0')}`,
  type: 'SomethingHappened',
  data: JSON.stringify({ number, text: 'x'.repeat(bytes) }),
  metadata: JSON.stringify({ at: number }),
});

/** Appends events one by one, each to the stream of its place. */
export async function fillLog(log: EventStore, streams: readonly string[]): Promise<void> {
  const revisions = new Map<string, number>();
  for (const [number, stream] of streams.entries()) {
    const revision = revisions.get(stream);
    await log.append(stream, revision ?? 'NoStream', [sampleEvent(number)]);
    revisions.set(stream, (revision ?? -1) + 1);
  }
}
