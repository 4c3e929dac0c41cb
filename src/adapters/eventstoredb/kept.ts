import {
  AccessDeniedError,
  BACKWARDS,
  END,
  FORWARDS,
  START,
  type StreamMetadata,
} from '@eventstore/db-client';

import { within } from './answers.js';
import type { Connection } from './connection.js';
import type { LogReads } from './log-reads.js';
import { isOurs } from './stored-event.js';

/** Events that are looked at, at either end of the log. */
const PAGE = 1_000;
/** Streams whose own settings are looked at. */
const STREAMS_MAX = 64;

/** The server hides or removes events of ours, or is told to. */
export class EventsNotKept extends Error {
  override readonly name = 'EventsNotKept';
}

/** Looks for what would take events from the log: $maxAge, $maxCount and $tb (also what a deletion leaves), and gaps that a scavenge
 *  left. Sees `streams`, $all, the streams of the last 1,000 events, and those whose metadata changed within the first or last 1,000;
 *  and gaps within the first 1,000. Does not see settings of other streams, gaps behind those pages, nor what its user may not read:
 *  finding all would take reading the whole log. Throws `EventsNotKept`, `StoreUnavailable`. */
export async function assertKept(
  connection: Connection,
  reads: LogReads,
  prefix: string,
  streams: readonly string[],
  readMs: number,
): Promise<void> {
  const [oldest, newest] = await Promise.all([
    reads.logPage(START, FORWARDS, PAGE),
    reads.logPage(END, BACKWARDS, PAGE),
  ]);
  const begun = new Set<string>();
  for (const { streamId, revision } of oldest.filter((event) => isOurs(event, prefix))) {
    if (!begun.has(streamId) && revision !== 0n) throw notKept(streamId, `begins at revision ${revision}`);
    begun.add(streamId);
  }
  const changed = [...oldest, ...newest].flatMap(({ streamId, type }) =>
    type === '$metadata' && isOurs({ streamId: streamId.slice(2), type: '' }, prefix)
      ? [streamId.slice(2)]
      : [],
  );
  const used = newest.filter((event) => isOurs(event, prefix)).map(({ streamId }) => streamId);
  const named = streams.map((stream) => prefix + stream);
  const looked = [...new Set([...named, ...changed, ...used])].slice(0, STREAMS_MAX);
  await Promise.all(['$all', ...looked].map((stream) => assertUnlimited(connection, stream, readMs)));
  await Promise.all(looked.map((stream) => assertBegins(reads, prefix, stream)));
}

async function assertUnlimited(connection: Connection, stream: string, readMs: number): Promise<void> {
  const { metadata = {} } = await settings(connection, stream, readMs);
  for (const setting of ['maxAge', 'maxCount', 'truncateBefore'] as const) {
    const value = metadata[setting];
    if (value !== undefined) throw notKept(stream, `has the setting ${setting} (${String(value)})`);
  }
}

async function settings(
  connection: Connection,
  stream: string,
  readMs: number,
): Promise<{ metadata?: StreamMetadata }> {
  try {
    return await connection.call(readMs, (client) =>
      within(readMs, client.getStreamMetadata(stream, { requiresLeader: true })),
    );
  } catch (error) {
    if (error instanceof AccessDeniedError) return {};
    throw connection.unavailable(error);
  }
}

async function assertBegins(reads: LogReads, prefix: string, stream: string): Promise<void> {
  const [first] = await reads.stream(stream.slice(prefix.length), 0, 1);
  if (first !== undefined && first.revision !== 0) {
    throw notKept(stream, `begins at revision ${first.revision}`);
  }
}

const notKept = (stream: string, what: string): EventsNotKept =>
  new EventsNotKept(
    `EventStoreDB must keep every event of this service, but the stream ${stream} ${what}: lift the limit from its metadata, and restore what was lost`,
  );
