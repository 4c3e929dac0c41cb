import type {
  AllStreamRecordedEvent,
  EventData,
  JSONType,
  RecordedEvent as Stored,
} from '@eventstore/db-client';

import type { EventRecord, Position, RecordedEvent } from '../../ports.js';

/** Anything but JSON: where metadata begins with it, the client gives back the bytes that it got. */
const BYTE_ORDER_MARK = '\ufeff';
/** The server counts in signed 64 bits; -1 stands for none. */
const POSITIONS_END = 2n ** 63n;

/** An event for the client, which writes JSON itself. Texts that it would write in another way (with spaces, say) travel as bytes:
 *  what comes back is always the text that was given. */
export function proposed({ eventId, type, data, metadata }: EventRecord): EventData {
  const common = {
    id: eventId,
    type,
    metadata: asWritten(metadata) ?? bytes(BYTE_ORDER_MARK + metadata),
  };
  const json = asWritten(data);
  return json === null
    ? { ...common, contentType: 'application/octet-stream', data: bytes(data) }
    : { ...common, contentType: 'application/json', data: json };
}

/** `prefix` is taken off the stream's name. */
export function recorded(event: Stored | AllStreamRecordedEvent, prefix: string): RecordedEvent {
  return {
    stream: event.streamId.slice(prefix.length),
    revision: Number(event.revision),
    position: positionText(event.position!.commit),
    eventId: event.id,
    type: event.type,
    data: event.isJson ? JSON.stringify(event.data) : text(event.data as Uint8Array),
    metadata:
      event.metadata instanceof Uint8Array
        ? text(event.metadata).replace(BYTE_ORDER_MARK, '')
        : JSON.stringify(event.metadata ?? {}),
  };
}

/** An event of the service, in no stream of the server's own and of no type of its own (deletions, links). */
export const isOurs = ({ streamId, type }: { streamId: string; type: string }, prefix: string): boolean =>
  streamId.startsWith(prefix) && !streamId.startsWith('$') && !type.startsWith('$');

/** The commit position alone: an event has the same number for both, but an append answers with the prepare position of its first
 *  event and the commit position of its last. */
export function positionText(commit: bigint): Position {
  if (commit >= POSITIONS_END) {
    throw new Error('reads of streams tell no positions: EventStoreDB 22.10 or later is needed');
  }
  return commit.toString().padStart(20, '0');
}

/** Throws `RangeError`. */
export function logPosition(position: Position): { commit: bigint; prepare: bigint } {
  if (!/^\d{20}$/.test(position) || BigInt(position) >= POSITIONS_END) {
    throw new RangeError(`${position} is no position of this log`);
  }
  return { commit: BigInt(position), prepare: BigInt(position) };
}

function asWritten(json: string): Exclude<JSONType, string> | null {
  try {
    const value = JSON.parse(json) as unknown;
    const writable = typeof value === 'object' && value !== null && JSON.stringify(value) === json;
    return writable ? (value as Exclude<JSONType, string>) : null;
  } catch {
    // No JSON: then it is bytes.
    return null;
  }
}

const bytes = (given: string): Uint8Array => Uint8Array.from(Buffer.from(given));
const text = (given: Uint8Array): string => Buffer.from(given).toString();
