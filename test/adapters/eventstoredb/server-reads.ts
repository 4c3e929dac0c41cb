import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  FORWARDS,
  NO_STREAM,
  StreamNotFoundError,
  UnknownError,
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

export function readRules(subject: () => Subject): void {
  streamRules(subject);
  allRules(subject);
  positionRules(subject);
}

function streamRules(subject: () => Subject): void {
  test('a stream is read from a revision on, inclusive', async () => {
    const stream = newStream();
    await append(subject(), stream, events(40), NO_STREAM);
    expect(await revisionsOf(subject(), stream, { fromRevision: 37n })).toEqual([37n, 38n, 39n]);
    expect(await revisionsOf(subject(), stream, { fromRevision: 2n, maxCount: 2 })).toEqual([2n, 3n]);
    expect(await revisionsOf(subject(), stream, { fromRevision: 40n })).toEqual([]);
    const back = { direction: BACKWARDS, maxCount: 2 } as const;
    expect(await revisionsOf(subject(), stream, { ...back, fromRevision: 2n })).toEqual([2n, 1n]);
    expect(await revisionsOf(subject(), stream, { ...back, fromRevision: END })).toEqual([39n, 38n]);
  });

  test('a missing stream is an error while iterating', async () => {
    const stream = newStream();
    const missing = subject().client.readStream(stream);
    const error = await failure(missing[Symbol.asyncIterator]().next());
    expect(error).toBeInstanceOf(StreamNotFoundError);
    expect(error).toMatchObject({ streamName: stream });
  });

  test('an event comes back as it was given', async () => {
    const stream = newStream();
    const given = event('Überprüft', { text: 'é \u2028 🚀' });
    await append(subject(), stream, { ...given, metadata: { at: 1 } }, NO_STREAM);
    for await (const { event: read } of subject().client.readStream(stream)) {
      expect(read).toMatchObject({ id: given.id, type: given.type, data: given.data, metadata: { at: 1 } });
      expect(Math.abs(Date.now() - read!.created.getTime())).toBeLessThan(60_000);
    }
  });
}

function allRules(subject: () => Subject): void {
  test('$all is read forwards from an event, inclusive, and backwards before it, exclusive', async () => {
    const stream = newStream();
    await append(subject(), stream, events(3), NO_STREAM);
    const [second] = await positionsOf(subject(), stream, 1n);
    const forwards = await readAll(subject(), { fromPosition: second!, maxCount: 200 });
    expect(revisionsIn(forwards, stream)).toEqual([1n, 2n]);
    const before = { fromPosition: second!, maxCount: 200, direction: BACKWARDS } as const;
    expect(revisionsIn(await readAll(subject(), before), stream)).toEqual([0n]);
    const last = await readAll(subject(), { ...before, fromPosition: END });
    expect(revisionsIn(last, stream)).toEqual([2n, 1n, 0n]);
  });

  test('$all has no filter, and has events of the server itself', async () => {
    const stream = newStream();
    await append(subject(), stream, [event('Wanted'), event('Other')], NO_STREAM);
    const [from] = await positionsOf(subject(), stream, 0n);
    const filter = { filterOn: 'eventType', prefixes: ['Wanted'] };
    const options = { fromPosition: from!, maxCount: 200, ...({ filter } as object) };
    expect(revisionsIn(await readAll(subject(), options), stream)).toEqual([0n, 1n]);
    const first = await readAll(subject(), { maxCount: 10, direction: FORWARDS });
    expect(first.some(({ event }) => event!.type.startsWith('$'))).toBe(true);
  });

  test('a position that is not exactly an event’s is an unknown error', async () => {
    const stream = newStream();
    await append(subject(), stream, events(2), NO_STREAM);
    const [first] = await positionsOf(subject(), stream, 0n);
    const between = { commit: first!.commit + 1n, prepare: first!.prepare + 1n };
    expect(await failure(readAll(subject(), { fromPosition: between, maxCount: 1 }))).toBeInstanceOf(
      UnknownError,
    );
  });
}

function positionRules(subject: () => Subject): void {
  test('each event has a position of its own, and an append answers with its last one', async () => {
    const stream = newStream();
    const { position } = await append(subject(), stream, events(3), NO_STREAM);
    const positions = await positionsOf(subject(), stream, 0n);
    for (const { commit, prepare } of positions) expect(commit).toBe(prepare);
    const commits = positions.map(({ commit }) => commit);
    expect(commits).toEqual([...new Set(commits)].sort((a, b) => (a < b ? -1 : 1)));
    expect(commits[1]! - commits[0]!).toBeGreaterThan(1n);
    expect(position!.commit).toBe(commits.at(-1));
  });

  test('revisions and positions are too large for JSON', async () => {
    const stream = newStream();
    const appended = await append(subject(), stream, event(), NO_STREAM);
    expect(() => JSON.stringify(appended.nextExpectedRevision)).toThrow(TypeError);
    expect(() => JSON.stringify(appended.position)).toThrow(TypeError);
  });
}

// A real server may have other clients, whose events come between.
const revisionsIn = (seen: AllStreamResolvedEvent[], stream: string): bigint[] =>
  seen.filter(({ event }) => event!.streamId === stream).map(({ event }) => event!.revision);

/** The positions in $all of the stream's events from this revision on. */
async function positionsOf(subject: Subject, stream: string, fromRevision: bigint) {
  const last = await readAll(subject, { fromPosition: END, maxCount: 200, direction: BACKWARDS });
  return last
    .filter(({ event }) => event!.streamId === stream && event!.revision >= fromRevision)
    .map(({ event }) => event!.position)
    .reverse();
}
