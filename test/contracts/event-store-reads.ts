import type { EventStore, Position, RecordedEvent } from '../../src/ports.js';
import { events, idsOf, newStream, streamOf } from './event-store-events.js';

export function readRules(store: () => EventStore): void {
  streamRules(store);
  logRules(store);
}

function streamRules(store: () => EventStore): void {
  test('a stream that is not there reads as empty', async () => {
    expect(await store().readStream(newStream(), 0, 10)).toEqual([]);
  });

  test('a stream is read from a revision on, at most so many events', async () => {
    const stream = newStream();
    const written = events(10);
    await store().append(stream, 'NoStream', written);
    const page = await store().readStream(stream, 3, 4);
    expect(page.map(({ revision }) => revision)).toEqual([3, 4, 5, 6]);
    expect(idsOf(page)).toEqual(idsOf(written.slice(3, 7)));
    expect(idsOf(await store().readStream(stream, 9, 4))).toEqual(idsOf(written.slice(9)));
    expect(await store().readStream(stream, 10, 4)).toEqual([]);
    expect(await store().readStream(stream, 1_000, 4)).toEqual([]);
  });

  test('many streams read at once are each told from their own revision on, and their own number of events', async () => {
    const streams = Array.from({ length: 300 }, () => newStream());
    const written = streams.map((_, index) => events(1 + (index % 3)));
    await Promise.all(streams.map((stream, index) => store().append(stream, 'NoStream', written[index]!)));
    const [from, limit] = [(index: number) => index % 2, (index: number) => 1 + (index % 5)];
    const pages = await Promise.all(
      [...streams, newStream()].map((stream, index) => store().readStream(stream, from(index), limit(index))),
    );
    const wanted = written.map((each, index) => each.slice(from(index), from(index) + limit(index)));
    expect(pages.map(idsOf)).toEqual([...wanted.map(idsOf), []]);
    for (const [index, page] of pages.entries()) {
      expect(page.every(({ stream }) => stream === streams[index])).toBe(true);
      expect(page.map(({ revision }) => revision)).toEqual(page.map((_, nth) => from(index) + nth));
    }
  });

  test('streams whose names are no proper text are read beside others', async () => {
    const streams = [newStream(), `${newStream()}-\ud800`];
    await store().append(streams[0]!, 'NoStream', events(1));
    const [proper, odd] = await Promise.all(streams.map((stream) => store().readStream(stream, 0, 10)));
    expect(proper).toHaveLength(1);
    expect(odd).toEqual([]);
  });

  test('what was acknowledged is read at once', async () => {
    const stream = newStream();
    for (let revision = 0; revision < 20; revision++) {
      await store().append(stream, revision === 0 ? 'NoStream' : revision - 1, events(1));
      expect(await store().readStream(stream, revision, 10)).toHaveLength(1);
    }
  });
}

function logRules(store: () => EventStore): void {
  test('the log is read after a position, in order, at most so many events', async () => {
    const [one, other] = [newStream(), newStream()];
    const before = await store().head();
    await store().append(one, 'NoStream', events(2));
    await store().append(other, 'NoStream', events(2));
    await store().append(one, 1, events(1));

    const page = await store().readLog(before, 3);
    expect(page.length).toBeLessThanOrEqual(3);
    const ours = (await logAfter(store(), before)).filter(({ stream }) => [one, other].includes(stream));
    expect(ours.map(({ stream, revision }) => [stream, revision])).toEqual([
      [one, 0],
      [one, 1],
      [other, 0],
      [other, 1],
      [one, 2],
    ]);
    expect(ours.filter(({ stream }) => stream === one)).toEqual(await streamOf(store(), one));

    const afterThird = (await logAfter(store(), ours[2]!.position)).map(({ position }) => position);
    expect(afterThird).not.toContain(ours[2]!.position);
    expect(afterThird).toEqual(expect.arrayContaining([ours[3]!.position, ours[4]!.position]));
  });

  test('positions grow as text, across powers of ten', async () => {
    const stream = newStream();
    const before = await store().head();
    for (let n = 0; n < 15; n++) await store().append(stream, 'Any', events(100));
    const positions = (await logAfter(store(), before)).map(({ position }) => position);
    expect(positions.length).toBeGreaterThanOrEqual(1_500);
    expect(positions.every((position, n) => n === 0 || position > positions[n - 1]!)).toBe(true);
  });

  test('the head is the position of the last event', async () => {
    const before = (await store().head()) ?? '';
    const { position } = await store().append(newStream(), 'NoStream', events(2));
    const head = await store().head();
    expect(position > before).toBe(true);
    expect(head! >= position).toBe(true);
    expect((await logAfter(store(), before === '' ? null : before)).map((e) => e.position)).toContain(head);
  });

  test('the log from its start begins with the same event as ever', async () => {
    await store().append(newStream(), 'NoStream', events(1));
    const [first] = await store().readLog(null, 1);
    const [again, next] = await store().readLog(null, 2);
    expect(again).toEqual(first);
    if (next) expect((await store().readLog(first!.position, 1))[0]).toEqual(next);
  });
}

/** All pages after a position, and not one event twice. */
async function logAfter(store: EventStore, after: Position | null): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for (let from = after; ;) {
    const page = await store.readLog(from, 7);
    if (page.length === 0) return all;
    all.push(...page);
    from = page.at(-1)!.position;
  }
}
