import { type EventStore, StoreUnavailable } from '../../src/ports.js';
import { appendRules } from './event-store-appends.js';
import { event, events, newStream, race, streamOf } from './event-store-events.js';
import { followRules } from './event-store-follow.js';
import { readRules } from './event-store-reads.js';

export interface OpenedEventStore {
  readonly store: EventStore;
  /** Opens the log again after `store` was closed. */
  readonly reopen?: () => Promise<EventStore>;
  /** Closes what is open and removes what was made. */
  readonly close: () => Promise<void>;
}

/** What every EventStore keeps to. Assumes nothing about what the log holds already, nor about who else appends.
 *  `reopens` is false for a log that ends with its store. */
export function eventStoreContract(
  name: string,
  open: () => Promise<OpenedEventStore>,
  { reopens = true } = {},
): void {
  describe(`${name} as an EventStore`, () => {
    describe('in use', () => {
      let opened: OpenedEventStore;
      beforeAll(async () => {
        opened = await open();
      });
      afterAll(() => opened.close());

      appendRules(() => opened.store);
      readRules(() => opened.store);
      followRules(() => opened.store);

      test('it answers a ping', async () => {
        await expect(opened.store.ping()).resolves.toBeUndefined();
      });
    });

    describe('when it closes', () => {
      let opened: OpenedEventStore;
      beforeEach(async () => {
        opened = await open();
      });
      afterEach(() => opened.close());

      closingRules(() => opened);
      if (reopens) reopeningRules(() => opened);
    });
  });
}

function closingRules(opened: () => OpenedEventStore): void {
  test('appends in flight are finished', async () => {
    const { store } = opened();
    const appends = Array.from({ length: 50 }, () => store.append(newStream(), 'NoStream', events(2)));
    await store.close();
    const { won, lost } = await race(appends);
    expect({ won: won.length, lost }).toEqual({ won: 50, lost: [] });
  });

  test('a closed store takes nothing, and says so', async () => {
    const { store } = opened();
    await store.close();
    await expect(store.append(newStream(), 'Any', [event()])).rejects.toThrow(StoreUnavailable);
    await expect(store.readStream(newStream(), 0, 1)).rejects.toThrow(StoreUnavailable);
    await expect(store.readLog(null, 1)).rejects.toThrow(StoreUnavailable);
    await expect(store.head()).rejects.toThrow(StoreUnavailable);
    await expect(store.ping()).rejects.toThrow(StoreUnavailable);
  });

  test('closing twice is no error', async () => {
    const { store } = opened();
    await Promise.all([store.close(), store.close()]);
    await expect(store.close()).resolves.toBeUndefined();
  });
}

function reopeningRules(opened: () => OpenedEventStore): void {
  const reopened = async (): Promise<EventStore> => {
    await opened().store.close();
    return opened().reopen!();
  };

  test('appends that were in flight when it closed are there when it opens again', async () => {
    const streams = Array.from({ length: 50 }, newStream);
    const appends = streams.map((stream) => opened().store.append(stream, 'NoStream', events(2)));
    const store = await reopened();
    await Promise.all(appends);
    for (const stream of streams) expect(await streamOf(store, stream)).toHaveLength(2);
  });

  test('events and positions are the same when it opens again', async () => {
    const { store } = opened();
    const stream = newStream();
    const before = await store.head();
    await store.append(stream, 'NoStream', events(3));
    const stored = await streamOf(store, stream);

    const again = await reopened();
    expect(await streamOf(again, stream)).toEqual(stored);
    expect((await again.readLog(before, 1_000)).filter((e) => e.stream === stream)).toEqual(stored);
    const { position } = await again.append(stream, 2, events(1));
    expect(position > stored.at(-1)!.position).toBe(true);
  });

  test('revisions and first answers hold when it opens again', async () => {
    const { store } = opened();
    const stream = newStream();
    const first = events(3);
    const answer = await store.append(stream, 'NoStream', first);
    await store.append(stream, 2, events(2));

    const again = await reopened();
    expect(await again.append(stream, 'NoStream', first)).toEqual(answer);
    await expect(again.append(stream, 2, events(1))).rejects.toMatchObject({ actual: 4 });
    expect((await again.append(stream, 4, events(1))).revision).toBe(5);
  });
}
