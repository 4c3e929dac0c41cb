import { APPEND_BYTES_MAX, AppendTooLarge, type EventStore, VersionConflict } from '../../src/ports.js';
import { event, events, idsOf, newStream, race, streamOf } from './event-store-events.js';

export function appendRules(store: () => EventStore): void {
  expectedRevisionRules(store);
  raceRules(store);
  resendRules(store);
  refusalRules(store);

  test('an append is recorded in order, and answers with its last revision and position', async () => {
    const stream = newStream();
    const [first, ...more] = events(4);
    expect((await store().append(stream, 'NoStream', [first!])).revision).toBe(0);
    const appended = await store().append(stream, 0, more);
    expect(appended.revision).toBe(3);
    const recorded = await streamOf(store(), stream);
    expect(recorded.map(({ revision }) => revision)).toEqual([0, 1, 2, 3]);
    expect(idsOf(recorded)).toEqual(idsOf([first!, ...more]));
    expect(recorded.at(-1)!.position).toBe(appended.position);
  });

  test('an event comes back as it was given', async () => {
    const stream = newStream();
    const given = event('Überprüft-検査', {
      text: 'é \u0000 \u2028 \ud83d\ude80 \u05e9\u05dc\u05d5\u05dd ﬀ İ "quoted" \\ \r\n',
      number: 9_007_199_254_740_991,
      deep: [{ none: null }],
    });
    await store().append(stream, 'NoStream', [given]);
    expect(await streamOf(store(), stream)).toEqual([
      { ...given, stream, revision: 0, position: expect.any(String) },
    ]);
  });
}

function expectedRevisionRules(store: () => EventStore): void {
  test("'NoStream' is refused where there is a stream", async () => {
    const stream = newStream();
    await store().append(stream, 'NoStream', events(2));
    const refused = store().append(stream, 'NoStream', events(1));
    await expect(refused).rejects.toThrow(VersionConflict);
    await expect(refused).rejects.toMatchObject({ stream, expected: 'NoStream', actual: 1 });
  });

  test('a revision is refused where there is no stream: its actual one is -1', async () => {
    const stream = newStream();
    const refused = store().append(stream, 0, events(1));
    await expect(refused).rejects.toThrow(VersionConflict);
    await expect(refused).rejects.toMatchObject({ stream, expected: 0, actual: -1 });
    expect(await streamOf(store(), stream)).toEqual([]);
  });

  test('a revision is refused that the stream has passed, or not reached', async () => {
    const stream = newStream();
    await store().append(stream, 'NoStream', events(3));
    for (const expected of [0, 1, 3, 100]) {
      await expect(store().append(stream, expected, events(1))).rejects.toMatchObject({
        expected,
        actual: 2,
      });
    }
  });

  test('a refused append writes none of its events', async () => {
    const stream = newStream();
    const [kept] = events(1);
    await store().append(stream, 'NoStream', [kept!]);
    await expect(store().append(stream, 7, events(5))).rejects.toThrow(VersionConflict);
    expect(idsOf(await streamOf(store(), stream))).toEqual([kept!.eventId]);
  });

  test("'Any' appends to a stream and to none", async () => {
    const stream = newStream();
    expect((await store().append(stream, 'Any', events(1))).revision).toBe(0);
    expect((await store().append(stream, 'Any', events(2))).revision).toBe(2);
  });
}

function raceRules(store: () => EventStore): void {
  test('of 64 writers at one revision, one wins', async () => {
    const stream = newStream();
    await store().append(stream, 'NoStream', events(1));
    const { won, lost } = await race(Array.from({ length: 64 }, () => store().append(stream, 0, events(2))));
    expect(won).toHaveLength(1);
    expect(lost).toHaveLength(63);
    for (const error of lost) expect(error).toMatchObject({ name: 'VersionConflict', actual: 2 });
    expect(await streamOf(store(), stream)).toHaveLength(3);
  });

  test('of 64 writers of a new stream, one wins', async () => {
    const stream = newStream();
    const { won, lost } = await race(
      Array.from({ length: 64 }, () => store().append(stream, 'NoStream', events(1))),
    );
    expect(won).toHaveLength(1);
    for (const error of lost) expect(error).toMatchObject({ name: 'VersionConflict', actual: 0 });
    expect(await streamOf(store(), stream)).toHaveLength(1);
  });

  test("64 writers with 'Any' all write, each its own revision", async () => {
    const stream = newStream();
    const { won, lost } = await race(
      Array.from({ length: 64 }, () => store().append(stream, 'Any', events(1))),
    );
    expect(lost).toEqual([]);
    const revisions = won.map(({ revision }) => revision).sort((a, b) => a - b);
    expect(revisions).toEqual(Array.from({ length: 64 }, (_, n) => n));
  });

  test('conflicts undo nothing of the appends beside them', async () => {
    const stream = newStream();
    const others = Array.from({ length: 20 }, newStream);
    const { won, lost } = await race(
      others.flatMap((other) => [
        store().append(other, 'NoStream', events(2)),
        store().append(stream, 3, events(2)),
      ]),
    );
    expect([won.length, lost.length]).toEqual([20, 20]);
    for (const other of others) expect(await streamOf(store(), other)).toHaveLength(2);
    expect(await streamOf(store(), stream)).toEqual([]);
  });
}

function resendRules(store: () => EventStore): void {
  test("the same append again answers as the first time, at 'NoStream' and at a revision", async () => {
    const stream = newStream();
    const created = events(2);
    const first = await store().append(stream, 'NoStream', created);
    expect(await store().append(stream, 'NoStream', created)).toEqual(first);
    const added = events(3);
    const second = await store().append(stream, 1, added);
    expect(await store().append(stream, 1, added)).toEqual(second);
    expect(idsOf(await streamOf(store(), stream))).toEqual(idsOf([...created, ...added]));
  });

  test('the same append answers as the first time after later events too', async () => {
    const stream = newStream();
    const created = events(2);
    const first = await store().append(stream, 'NoStream', created);
    await store().append(stream, 1, events(5));
    expect(await store().append(stream, 'NoStream', created)).toEqual(first);
    expect(await streamOf(store(), stream)).toHaveLength(7);
  });

  test('the same append twice at once has one effect and one answer', async () => {
    const stream = newStream();
    const same = events(2);
    const answers = await Promise.all([
      store().append(stream, 'NoStream', same),
      store().append(stream, 'NoStream', same),
    ]);
    expect(answers[0]).toEqual(answers[1]);
    expect(await streamOf(store(), stream)).toHaveLength(2);
  });

  test('a stored event together with a new one is no repetition, but a conflict', async () => {
    const stream = newStream();
    const [known, unknown] = events(2);
    await store().append(stream, 'NoStream', [known!]);
    await expect(store().append(stream, 'NoStream', [known!, unknown!])).rejects.toThrow(VersionConflict);
    expect(await streamOf(store(), stream)).toHaveLength(1);
  });

  test('the same event at another revision is no repetition', async () => {
    const stream = newStream();
    const same = event();
    await store().append(stream, 'NoStream', [event()]);
    await store().append(stream, 0, [same]);
    await expect(store().append(stream, 'NoStream', [same])).rejects.toMatchObject({ actual: 1 });
  });

  test('one id may stand in two streams', async () => {
    const [one, other] = [newStream(), newStream()];
    const same = event();
    await store().append(one, 'NoStream', [same]);
    await store().append(other, 'NoStream', [same]);
    expect(idsOf(await streamOf(store(), other))).toEqual([same.eventId]);
  });
}

function refusalRules(store: () => EventStore): void {
  const ofBytes = (bytes: number) => event('Large', { text: 'x'.repeat(bytes) });

  test('an append a little below 1 MiB is taken and comes back whole', async () => {
    const stream = newStream();
    const large = ofBytes(APPEND_BYTES_MAX - 8_192);
    await store().append(stream, 'NoStream', [large]);
    expect((await streamOf(store(), stream))[0]?.data).toBe(large.data);
  });

  test.each([
    ['in one event', () => [ofBytes(APPEND_BYTES_MAX)]],
    ['in all', () => Array.from({ length: 11 }, () => ofBytes(100_000))],
    ['in bytes, not in characters', () => [event('Large', { text: 'é'.repeat(600_000) })]],
  ])('an append over 1 MiB is refused: %s', async (_, large) => {
    const stream = newStream();
    await expect(store().append(stream, 'NoStream', large())).rejects.toThrow(AppendTooLarge);
    expect(await streamOf(store(), stream)).toEqual([]);
    await store().append(stream, 'NoStream', events(1));
  });

  test('an id that is no UUID is refused, and harms nobody', async () => {
    const stream = newStream();
    await expect(
      store().append(stream, 'NoStream', [event(), { ...event(), eventId: 'no-uuid' }]),
    ).rejects.toThrow('no UUID');
    expect(await streamOf(store(), stream)).toEqual([]);
    await store().append(stream, 'NoStream', events(1));
  });
}
