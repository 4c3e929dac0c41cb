import { randomUUID } from 'node:crypto';

import {
  type AllStreamResolvedEvent,
  type AppendResult,
  type AppendToStreamOptions,
  type EventStoreDBClient,
  type JSONEventData,
  jsonEvent,
  type JSONEventType,
} from '@eventstore/db-client';

type Tested = JSONEventType<string, Record<string, unknown>>;
export type TestedEvent = JSONEventData<Tested>;

/** A server, real or not, with the client that the rules are tried with. */
export interface Subject {
  readonly client: EventStoreDBClient;
  /** Passed on a call they choose the unary append. */
  readonly credentials: { readonly username: string; readonly password: string };
}

/** A stream that no other test uses: a real server's log outlives the tests. */
export const newStream = (): string => `tested${randomUUID()}`;

export const event = (type = 'Tested', data: Record<string, unknown> = {}): TestedEvent =>
  jsonEvent<Tested>({ id: randomUUID(), type, data });

export const events = (count: number): TestedEvent[] =>
  Array.from({ length: count }, (_, n) => event('Tested', { n }));

export const append = (
  { client, credentials }: Subject,
  stream: string,
  appended: TestedEvent | TestedEvent[],
  expectedRevision: NonNullable<AppendToStreamOptions['expectedRevision']>,
): Promise<AppendResult> => client.appendToStream(stream, appended, { expectedRevision, credentials });

/** The revisions that can be read. */
export async function revisionsOf(
  { client }: Subject,
  stream: string,
  options: Parameters<EventStoreDBClient['readStream']>[1] = {},
): Promise<bigint[]> {
  const revisions: bigint[] = [];
  for await (const { event } of client.readStream(stream, options)) revisions.push(event!.revision);
  return revisions;
}

/** Events of $all in the order of the log, as many as there are or are asked for. */
export async function readAll(
  { client }: Subject,
  options: Parameters<EventStoreDBClient['readAll']>[0],
): Promise<AllStreamResolvedEvent[]> {
  const seen: AllStreamResolvedEvent[] = [];
  for await (const resolved of client.readAll(options)) seen.push(resolved);
  return seen;
}

/** The error that the attempt ends with. */
export async function failure(attempt: Promise<unknown>): Promise<Error> {
  return attempt.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: Error) => error,
  );
}
