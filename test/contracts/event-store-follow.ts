import { setTimeout as pause } from 'node:timers/promises';

import type { EventStore, Position, RecordedEvent } from '../../src/ports.js';
import { events, idsOf, newStream, streamOf } from './event-store-events.js';

export function followRules(store: () => EventStore): void {
  startRules(store);
  endRules(store);

  test('events are followed as they come', async () => {
    const stream = newStream();
    const followed = follow(store(), await store().head(), stream, 5);
    for (let n = 0; n < 5; n++) {
      await store().append(stream, 'Any', events(1));
      await pause(2);
    }
    expect(await followed).toEqual(await streamOf(store(), stream));
  });

  test('events appended while others append are followed in the order of the log', async () => {
    const streams = Array.from({ length: 10 }, newStream);
    const before = await store().head();
    const followed = follow(store(), before, streams, 400);
    await Promise.all(
      streams.map(async (stream) => {
        for (let n = 0; n < 20; n++) await store().append(stream, 'Any', events(2));
      }),
    );
    const seen = await followed;
    const positions = seen.map(({ position }) => position);
    expect(positions).toEqual([...positions].sort());
    for (const stream of streams) {
      expect(seen.filter((event) => event.stream === stream)).toEqual(await streamOf(store(), stream));
    }
  });

  test('a slow follower loses and doubles nothing', async () => {
    const stream = newStream();
    const signal = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const batch of store().follow(await store().head(), signal.signal)) {
        expect(batch.length).toBeGreaterThan(0);
        seen.push(...idsOf(batch.filter((event) => event.stream === stream)));
        await pause(5);
        if (seen.length >= 1_201) signal.abort();
      }
    })();
    await store().append(stream, 'Any', events(1));
    for (let n = 0; n < 12; n++) await store().append(stream, 'Any', events(100));
    await following;
    const stored = await store().readStream(stream, 0, 2_000);
    expect(seen).toEqual(idsOf(stored));
  });

  test('two followers each see everything', async () => {
    const stream = newStream();
    const head = await store().head();
    const both = [follow(store(), head, stream, 30), follow(store(), head, stream, 30)];
    for (let n = 0; n < 3; n++) await store().append(stream, 'Any', events(10));
    const [one, other] = await Promise.all(both);
    expect(one).toHaveLength(30);
    expect(other).toEqual(one);
  });
}

function startRules(store: () => EventStore): void {
  test('following from the start begins with what is there', async () => {
    const stream = newStream();
    await store().append(stream, 'NoStream', events(3));
    const [first] = await store().readLog(null, 1);
    const signal = new AbortController();
    let firstSeen: RecordedEvent | undefined;
    let ours = 0;
    for await (const batch of store().follow(null, signal.signal)) {
      firstSeen ??= batch[0];
      ours += batch.filter((event) => event.stream === stream).length;
      if (ours === 3) signal.abort();
    }
    expect(firstSeen).toEqual(first);
  });

  test('following from a position begins with the event after it', async () => {
    const stream = newStream();
    await store().append(stream, 'NoStream', events(5));
    const stored = await streamOf(store(), stream);
    expect(await follow(store(), stored[1]!.position, stream, 3)).toEqual(stored.slice(2));
  });

  test('following from the head sees new events only', async () => {
    const stream = newStream();
    await store().append(stream, 'NoStream', events(3));
    const followed = follow(store(), await store().head(), stream, 2);
    await store().append(stream, 2, events(2));
    expect((await followed).map(({ revision }) => revision)).toEqual([3, 4]);
  });
}

function endRules(store: () => EventStore): void {
  test('an abort ends the loop without an error, while it waits', async () => {
    const signal = new AbortController();
    const head = await store().head();
    const following = (async () => {
      for await (const batch of store().follow(head, signal.signal)) expect(batch).not.toHaveLength(0);
    })();
    await pause(20);
    signal.abort();
    await expect(following).resolves.toBeUndefined();
  });

  test('a follower that was aborted before it began sees nothing', async () => {
    await store().append(newStream(), 'NoStream', events(1));
    for await (const batch of store().follow(null, AbortSignal.abort())) expect(batch).toEqual('nothing');
  });

  test('a loop may be left, and the store goes on', async () => {
    const stream = newStream();
    await store().append(stream, 'NoStream', events(1));
    for await (const batch of store().follow(null, new AbortController().signal)) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    expect((await store().append(stream, 0, events(1))).revision).toBe(1);
  });
}

/** The first `count` events of the streams after a position, as `follow` gives them. */
async function follow(
  store: EventStore,
  after: Position | null,
  streams: string | readonly string[],
  count: number,
): Promise<RecordedEvent[]> {
  const signal = new AbortController();
  const seen: RecordedEvent[] = [];
  for await (const batch of store.follow(after, signal.signal)) {
    seen.push(...batch.filter(({ stream }) => streams === stream || streams.includes(stream)));
    if (seen.length >= count) signal.abort();
  }
  return seen;
}
