import { APPEND_BYTES_MAX, AppendTooLarge, type EventRecord, type ExpectedRevision } from '../ports.js';

export interface AppendRequest {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly EventRecord[];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What every store asks of an append before it is sent; returns its size in bytes. Throws `AppendTooLarge`, and `RangeError`
 *  for what no caller should ask: no events, an id that is no UUID, a revision below 0, a NUL in a name. */
export function checkedSize({ stream, expected, events }: AppendRequest): number {
  if (events.length === 0) throw new RangeError('an append has at least one event');
  if (typeof expected === 'number' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    throw new RangeError(`${expected} is no revision`);
  }
  assertName(stream);
  let bytes = 0;
  for (const event of events) {
    // EventStoreDB's client hangs all later appends after an id that is no UUID.
    if (!UUID.test(event.eventId)) throw new RangeError(`the event id ${event.eventId} is no UUID`);
    assertName(event.type);
    bytes +=
      Buffer.byteLength(event.data) + Buffer.byteLength(event.metadata) + Buffer.byteLength(event.type);
  }
  if (bytes > APPEND_BYTES_MAX) {
    throw new AppendTooLarge(`${bytes} bytes for ${stream}; an append holds at most ${APPEND_BYTES_MAX}`);
  }
  return bytes;
}

// SQLite's binding cuts text at a NUL, so that two names could become one. JSON texts hold none.
function assertName(name: string): void {
  if (name === '' || name.includes('\0')) throw new RangeError(`${JSON.stringify(name)} is no name`);
}
