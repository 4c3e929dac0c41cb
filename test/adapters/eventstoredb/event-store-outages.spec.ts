import { jest } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';

import {
  EsdbEventStore,
  type EsdbEventStoreOptions,
} from '../../../src/adapters/eventstoredb/event-store.js';
import { type EventStore, type Position, type RecordedEvent, StoreUnavailable } from '../../../src/ports.js';
import { event, events, newStream, race, streamOf } from '../../contracts/event-store-events.js';
import { notReady } from '../../support/eventstoredb/refusals.js';
import { StandIn } from '../../support/eventstoredb/stand-in.js';

/** Longer than any machine takes. */
const PATIENT_MS = 30_000;
jest.setTimeout(2 * PATIENT_MS);

let server: StandIn;
let stores: EsdbEventStore[];
beforeEach(async () => {
  server = await StandIn.start();
  stores = [];
});
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await server.close();
});

function open(options: Partial<EsdbEventStoreOptions> = {}): EsdbEventStore {
  const store = EsdbEventStore.open({
    url: server.connectionString,
    answerMs: PATIENT_MS,
    readMs: PATIENT_MS,
    pingMs: PATIENT_MS,
    ...options,
  });
  stores.push(store);
  return store;
}

/** Follows until so many events came, each with `between` after it. */
async function follow(
  store: EventStore,
  after: Position | null,
  count: number,
  between: (seen: number) => unknown = () => undefined,
): Promise<RecordedEvent[]> {
  const signal = new AbortController();
  const seen: RecordedEvent[] = [];
  for await (const batch of store.follow(after, signal.signal)) {
    seen.push(...batch);
    await between(seen.length);
    if (seen.length >= count) signal.abort();
  }
  return seen;
}

describe('Following', () => {
  const troubles: [string, () => unknown][] = [
    ['the server drops the subscription', () => server.dropSubscriptions()],
    ['the server drops it for not being ready', () => server.dropSubscriptions(notReady())],
    ['connections drop', () => server.dropConnections()],
    ['the server restarts', () => server.restart()],
  ];

  test.each(troubles)('loses and doubles nothing when %s', async (_, trouble) => {
    const [writer, store] = [open(), open()];
    const stream = newStream();
    await writer.append(stream, 'NoStream', events(10));
    let troubles = 0;
    const seen = await follow(store, null, 40, async (count) => {
      if (troubles < 3) {
        await trouble();
        troubles++;
      }
      // What was written meanwhile is not to be missed either.
      if (count < 40) await writer.append(stream, count - 1, events(10)).catch(() => undefined);
    });
    expect(seen).toEqual(await streamOf(writer, stream));
  });

  test('loses and doubles nothing when the answer breaks off again and again', async () => {
    const store = open();
    const stream = newStream();
    await store.append(stream, 'NoStream', events(10));
    server.faults.inject({ kind: 'brokenOff', after: 3 }, ['read'], 3);
    const seen = await follow(store, null, 10);
    expect(seen).toEqual(await streamOf(store, stream));
  });

  test('begins when the server comes', async () => {
    const [writer, store] = [open(), open()];
    const stream = newStream();
    await writer.append(stream, 'NoStream', events(2));
    await server.kill();
    const followed = follow(store, null, 2);
    await pause(300);
    await server.restart();
    expect(await followed).toEqual(await streamOf(writer, stream));
  });

  test('sees an event within milliseconds of its append', async () => {
    const store = open();
    const stream = newStream();
    await store.append(stream, 'NoStream', [event()]);
    const lags: number[] = [];
    let appended = performance.now();
    await follow(store, null, 21, async (count) => {
      lags.push(performance.now() - appended);
      await store.append(stream, count - 1, [event()]);
      appended = performance.now();
    });
    // The median, since the machine may be busy with something else; polling would take 50 ms and more.
    expect(lags.sort((a, b) => a - b)[10]).toBeLessThan(30);
  });

  test('goes on over another connection when its own is half open', async () => {
    const [writer, store] = [open(), open({ readMs: 200 })];
    const stream = newStream();
    await writer.append(stream, 'NoStream', events(1));
    const seen = await follow(store, null, 2, async (count) => {
      if (count > 1) return;
      server.strandConnections();
      // Whatever call finds out, the follower leaves with it.
      await expect(store.head()).rejects.toThrow(StoreUnavailable);
      await open().append(stream, 0, events(1));
    });
    expect(seen).toHaveLength(2);
  });

  test('an abort ends it in an outage', async () => {
    const store = open();
    await server.kill();
    const signal = new AbortController();
    const following = (async () => {
      for await (const batch of store.follow(null, signal.signal)) expect(batch).toBe('nothing');
    })();
    await pause(100);
    signal.abort();
    await expect(following).resolves.toBeUndefined();
  });

  test('ends with an error when the store is closed', async () => {
    const store = open();
    const following = follow(store, null, 1);
    following.catch(() => undefined);
    await store.ping();
    await store.close();
    await expect(following).rejects.toThrow(StoreUnavailable);
  });

  test('refuses what is no position', async () => {
    const store = open();
    for (const position of ['', '1', '-0000000000000000001', '99999999999999999999', 'x'.repeat(20)]) {
      await expect(follow(store, position, 1)).rejects.toThrow(RangeError);
      await expect(store.readLog(position, 1)).rejects.toThrow(RangeError);
    }
  });

  test('a position between two events is none', async () => {
    const store = open();
    const { position } = await store.append(newStream(), 'NoStream', events(2));
    const between = (BigInt(position) - 1n).toString().padStart(20, '0');
    await expect(store.readLog(between, 1)).rejects.toThrow(RangeError);
  });
});

describe('A ping', () => {
  const refused = (store: EventStore) => store.ping().catch((error: unknown) => error as Error);

  test('of a server that is away names it, not the password', async () => {
    await server.kill();
    const store = open({ url: server.connectionString.replace('//', '//admin:changeit@') });
    const error = await refused(store);
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect((error as Error).message).toContain(`EventStoreDB at 127.0.0.1:${server.endpoint.port}: `);
    expect((error as Error).message).toContain('ECONNREFUSED');
    expect(JSON.stringify([(error as Error).message, (error as Error).stack])).not.toContain('changeit');
  });

  test.each([
    ['alone', (port: number) => `esdb://127.0.0.1:${port}?tls=false`],
    ['in a cluster', (port: number) => `esdb://127.0.0.1:${port},127.0.0.1:${port}?tls=false`],
  ])('of a server that stands still, %s, is refused in bounded time', async (_, url) => {
    const store = open({ url: url(server.endpoint.port), pingMs: 300 });
    server.freeze();
    const start = performance.now();
    expect(await refused(store)).toBeInstanceOf(StoreUnavailable);
    expect(performance.now() - start).toBeLessThan(5_000);
    server.thaw();
  });

  test('of a server that is not ready says so, and succeeds once it is', async () => {
    const store = open();
    const lift = server.faults.inject({ kind: 'refused', with: notReady() }, ['read']);
    expect(((await refused(store)) as Error).message).toContain('Server Is Not Ready');
    lift();
    await expect(store.ping()).resolves.toBeUndefined();
  });

  test('succeeds within 5 seconds of the server’s return, however long it was away', async () => {
    const store = open({ pingMs: 2_000 });
    await store.ping();
    await server.kill();
    // As often as gRPC's own patience between two connections would have grown to many seconds.
    for (let n = 0; n < 50; n++) expect(await refused(store)).toBeInstanceOf(StoreUnavailable);
    await server.restart();
    const start = performance.now();
    while ((await refused(store)) instanceof Error) await pause(50);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('Closing', () => {
  test('is bounded when the server stands still: what is in flight then is unknown or refused', async () => {
    const store = open({ closeMs: 200, answerMs: 400, resolveMs: 200 });
    await store.ping();
    server.freeze();
    const appends = Array.from({ length: 10 }, () => store.append(newStream(), 'NoStream', [event()]));
    const settled = race(appends);
    const start = performance.now();
    await store.close();
    expect(performance.now() - start).toBeLessThan(5_000);
    const { lost } = await settled;
    expect(lost).toHaveLength(10);
    for (const error of lost) expect((error as Error).name).toMatch(/^(OutcomeUnknown|StoreUnavailable)$/);
    server.thaw();
  });

  test('one store leaves another of the same process alone', async () => {
    const [one, other] = [open(), open()];
    const stream = newStream();
    server.faults.inject({ kind: 'delayed', ms: 100 }, ['append'], 1);
    const append = other.append(stream, 'NoStream', [event()]);
    await one.append(newStream(), 'NoStream', [event()]);
    await one.close();
    expect((await append).revision).toBe(0);
    expect((await other.append(stream, 0, [event()])).revision).toBe(1);
  });
});
