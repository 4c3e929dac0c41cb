import { setTimeout as pause } from 'node:timers/promises';

import {
  ANY,
  BACKWARDS,
  END,
  NO_STREAM,
  STREAM_EXISTS,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';

import {
  append,
  event,
  events,
  failure,
  newStream,
  readAll,
  revisionsOf,
  type Subject,
} from './server-subject.js';

export function metadataRules(subject: () => Subject): void {
  deletionRules(subject);

  test('the revision of a stream’s metadata is a position in the log', async () => {
    const { client, credentials } = subject();
    const stream = newStream();
    expect(await client.getStreamMetadata(stream)).toEqual({ streamName: stream });
    const set = await client.setStreamMetadata(stream, { maxCount: 5, owner: 'me' }, { credentials });
    expect(await client.getStreamMetadata(stream)).toEqual({
      streamName: stream,
      metadata: { maxCount: 5, owner: 'me' },
      metastreamRevision: set.position!.commit,
    });
    await expect(revisionsOf(subject(), stream)).rejects.toThrow(StreamNotFoundError);
  });

  test('maxCount hides events at once, while revisions go on', async () => {
    const { client, credentials } = subject();
    const stream = newStream();
    await append(subject(), stream, events(5), NO_STREAM);
    await client.setStreamMetadata(stream, { maxCount: 2 }, { credentials });
    expect(await revisionsOf(subject(), stream)).toEqual([3n, 4n]);
    expect((await append(subject(), stream, event(), 4n)).nextExpectedRevision).toBe(5n);
    expect(await revisionsOf(subject(), stream)).toEqual([4n, 5n]);
  });

  test('maxAge hides events at once, while revisions go on', async () => {
    const { client, credentials } = subject();
    const stream = newStream();
    await append(subject(), stream, events(3), NO_STREAM);
    await pause(1_100);
    await client.setStreamMetadata(stream, { maxAge: 1 }, { credentials });
    expect(await revisionsOf(subject(), stream)).toEqual([]);
    expect((await append(subject(), stream, event(), 2n)).nextExpectedRevision).toBe(3n);
  });

  test('$all still has what metadata hides', async () => {
    const { client, credentials } = subject();
    const stream = newStream();
    await append(subject(), stream, events(3), NO_STREAM);
    await client.setStreamMetadata(stream, { maxCount: 1 }, { credentials });
    const last = await readAll(subject(), { fromPosition: END, maxCount: 200, direction: BACKWARDS });
    expect(last.filter(({ event }) => event!.streamId === stream)).toHaveLength(3);
  });
}

function deletionRules(subject: () => Subject): void {
  test('after a soft delete the stream is missing; NO_STREAM is accepted, and revisions go on', async () => {
    const { client, credentials } = subject();
    const stream = newStream();
    await append(subject(), stream, events(3), NO_STREAM);
    await client.deleteStream(stream, { expectedRevision: 2n, credentials });
    await expect(revisionsOf(subject(), stream)).rejects.toThrow(StreamNotFoundError);
    await expect(append(subject(), stream, event(), STREAM_EXISTS)).rejects.toThrow(StreamDeletedError);
    expect((await append(subject(), stream, event(), NO_STREAM)).nextExpectedRevision).toBe(3n);
    expect(await revisionsOf(subject(), stream)).toEqual([3n]);
    expect((await client.getStreamMetadata(stream)).metadata).toMatchObject({ truncateBefore: 3 });
  });

  test('a stream is deleted at its revision only', async () => {
    const { client, credentials } = subject();
    const stream = newStream();
    await append(subject(), stream, events(3), NO_STREAM);
    const refused = await failure(client.deleteStream(stream, { expectedRevision: 1n, credentials }));
    expect(refused).toBeInstanceOf(WrongExpectedVersionError);
    expect(refused).toMatchObject({ streamName: stream, expectedVersion: 1n, actualVersion: 2n });
    expect(await revisionsOf(subject(), stream)).toHaveLength(3);
  });

  test('after a tombstone nothing is read or written any more', async () => {
    const { client, credentials } = subject();
    const stream = newStream();
    await append(subject(), stream, events(3), NO_STREAM);
    await client.tombstoneStream(stream, { credentials });
    const deleted = { type: 'stream-deleted', streamName: stream };
    await expect(revisionsOf(subject(), stream)).rejects.toMatchObject(deleted);
    for (const expected of [ANY, NO_STREAM, 2n, STREAM_EXISTS] as const) {
      await expect(append(subject(), stream, event(), expected)).rejects.toMatchObject(deleted);
    }
    await expect(client.appendToStream(stream, event())).rejects.toMatchObject(deleted);
    await expect(client.tombstoneStream(stream, { credentials })).rejects.toThrow(StreamDeletedError);
  });
}
