import {
  ANY,
  MaxAppendSizeExceededError,
  NO_STREAM,
  STREAM_EXISTS,
  WrongExpectedVersionError,
} from '@eventstore/db-client';

import { append, event, events, failure, newStream, revisionsOf, type Subject } from './server-subject.js';

export function appendRules(subject: () => Subject): void {
  expectedRevisionRules(subject);
  repetitionRules(subject);
  sizeRules(subject);
}

function expectedRevisionRules(subject: () => Subject): void {
  test('NO_STREAM, STREAM_EXISTS, ANY and a revision are expected, and hold or not', async () => {
    const stream = newStream();
    await expect(append(subject(), stream, event(), STREAM_EXISTS)).rejects.toThrow(
      WrongExpectedVersionError,
    );
    await expect(append(subject(), stream, event(), 0n)).rejects.toThrow(WrongExpectedVersionError);
    expect((await append(subject(), stream, event(), NO_STREAM)).nextExpectedRevision).toBe(0n);
    expect((await append(subject(), stream, event(), STREAM_EXISTS)).nextExpectedRevision).toBe(1n);
    expect((await append(subject(), stream, event(), ANY)).nextExpectedRevision).toBe(2n);
    expect((await append(subject(), stream, events(2), 2n)).nextExpectedRevision).toBe(4n);
    await expect(append(subject(), stream, event(), NO_STREAM)).rejects.toThrow(WrongExpectedVersionError);
    await expect(append(subject(), stream, event(), 3n)).rejects.toThrow(WrongExpectedVersionError);
    await expect(append(subject(), stream, event(), 5n)).rejects.toThrow(WrongExpectedVersionError);
    expect(await revisionsOf(subject(), stream)).toEqual([0n, 1n, 2n, 3n, 4n]);
  });

  test('of racing writers at one revision exactly one wins', async () => {
    const stream = newStream();
    await append(subject(), stream, event(), NO_STREAM);
    const settled = await Promise.allSettled(
      Array.from({ length: 32 }, () => append(subject(), stream, events(2), 0n)),
    );
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await revisionsOf(subject(), stream)).toEqual([0n, 1n, 2n]);
  });

  test.each([
    ['by a call of its own', true],
    ['by batch', false],
  ])(
    'a WrongExpectedVersionError says what is and what was expected, and nothing else: %s',
    async (_, unary) => {
      const { client, credentials } = subject();
      const stream = newStream();
      const attempt = (expectedRevision: bigint | typeof NO_STREAM) =>
        failure(
          client.appendToStream(stream, event(), { expectedRevision, ...(unary ? { credentials } : {}) }),
        ) as Promise<WrongExpectedVersionError>;
      const type = 'wrong-expected-version';
      const missing = await attempt(7n);
      expect(missing).toBeInstanceOf(WrongExpectedVersionError);
      expect(missing).toMatchObject({
        type,
        streamName: stream,
        expectedVersion: 7n,
        actualVersion: 'no_stream',
      });
      await append(subject(), stream, events(3), NO_STREAM);
      const passed = await attempt(NO_STREAM);
      expect(passed).toMatchObject({
        type,
        streamName: stream,
        expectedVersion: 'no_stream',
        actualVersion: 2n,
      });
      expect(passed.message).toBe('');
      expect([passed.code ?? null, passed._raw ?? null]).toEqual([null, null]);
    },
  );
}

function repetitionRules(subject: () => Subject): void {
  test.each([
    ['one event', 1],
    ['several', 3],
  ])(
    'the same ids at the same revision have the same answer, even after later events: %s',
    async (_, count) => {
      const stream = newStream();
      const [created, added] = [events(count), events(count)];
      const first = await append(subject(), stream, created, NO_STREAM);
      const second = await append(subject(), stream, added, first.nextExpectedRevision);
      await append(subject(), stream, events(5), second.nextExpectedRevision);
      expect(await append(subject(), stream, created, NO_STREAM)).toEqual(first);
      expect(await append(subject(), stream, added, first.nextExpectedRevision)).toEqual(second);
      expect(await revisionsOf(subject(), stream)).toHaveLength(2 * count + 5);
    },
  );

  test('with ANY an id is written once', async () => {
    const stream = newStream();
    const once = events(2);
    const first = await append(subject(), stream, once, ANY);
    await append(subject(), stream, event(), ANY);
    expect(await append(subject(), stream, once, ANY)).toEqual(first);
    expect(await revisionsOf(subject(), stream)).toEqual([0n, 1n, 2n]);
  });

  test('at the current revision a known id is written again', async () => {
    const stream = newStream();
    const twice = event();
    await append(subject(), stream, twice, NO_STREAM);
    expect((await append(subject(), stream, twice, 0n)).nextExpectedRevision).toBe(1n);
    expect(await revisionsOf(subject(), stream)).toEqual([0n, 1n]);
  });

  test.each([
    ['NO_STREAM', NO_STREAM],
    ['ANY', ANY],
  ] as const)('a known id with a new one is a conflict: %s', async (_, expected) => {
    const stream = newStream();
    const known = event();
    await append(subject(), stream, known, expected);
    const mixed = append(subject(), stream, [known, event()], expected);
    await expect(mixed).rejects.toThrow(WrongExpectedVersionError);
    expect(await revisionsOf(subject(), stream)).toEqual([0n]);
  });

  test('one id may stand in two streams', async () => {
    const same = event();
    for (const expected of [NO_STREAM, ANY] as const) {
      const stream = newStream();
      await append(subject(), stream, same, expected);
      expect(await revisionsOf(subject(), stream)).toEqual([0n]);
    }
  });
}

function sizeRules(subject: () => Subject): void {
  const ofBytes = (bytes: number) => event('Large', { text: 'x'.repeat(bytes) });
  const MEBIBYTE = 1024 * 1024;

  test('an append a little below 1 MiB is taken', async () => {
    const stream = newStream();
    await append(subject(), stream, [ofBytes(MEBIBYTE / 2), ofBytes(MEBIBYTE / 2 - 4_096)], NO_STREAM);
    expect(await revisionsOf(subject(), stream)).toEqual([0n, 1n]);
  });

  test.each([
    ['by a call of its own', true],
    ['by batch', false],
  ])('an append over 1 MiB in all is refused: %s', async (_, unary) => {
    const { client, credentials } = subject();
    const stream = newStream();
    const large = [ofBytes(MEBIBYTE / 2), ofBytes(MEBIBYTE / 2)];
    const refused = await failure(client.appendToStream(stream, large, unary ? { credentials } : {}));
    expect(refused).toBeInstanceOf(MaxAppendSizeExceededError);
    expect(refused).toMatchObject({ maxAppendSize: MEBIBYTE });
    expect((await append(subject(), stream, event(), NO_STREAM)).nextExpectedRevision).toBe(0n);
  });
}
