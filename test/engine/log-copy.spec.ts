import { EsdbEventStore } from '../../src/adapters/eventstoredb/event-store.js';
import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import { copiedBefore, copyLog, digestOf, OtherEvents } from '../../src/engine/log-copy.js';
import type { EventStore, RecordedEvent } from '../../src/ports.js';
import { StandIn } from '../support/eventstoredb/stand-in.js';
import { fillLog, sampleEvent } from '../support/log-samples.js';
import {
  noTrouble,
  TroubledStore,
  unavailable,
  unknownAndLost,
  unknownButWritten,
  type Trouble,
} from '../support/troubled-store.js';

/** The order matters: streams take turns, and some events follow each other in one. */
const STREAMS = ['a-1', 'b-1', 'a-1', 'a-1', 'a-1', 'c-1', 'b-1', 'b-1', 'a-1', 'c-1'];
const RUNS = 7;

const copy = async (source: EventStore, target: EventStore): Promise<number> =>
  copyLog(source, target, await copiedBefore(source, target));
const kept = async (log: EventStore) =>
  (await log.readLog(null, 1_000)).map(({ position: _, ...event }: RecordedEvent) => event);

describe('copying a log', () => {
  let source: EmbeddedEventStore;
  let target: TroubledStore;

  beforeEach(async () => {
    source = EmbeddedEventStore.openInMemory();
    target = new TroubledStore();
    await fillLog(source, STREAMS);
  });
  afterEach(async () => {
    await source.close();
    await target.close();
  });

  it('keeps every event and their order, on EventStoreDB too', async () => {
    const server = await StandIn.start();
    const there = EsdbEventStore.open({ url: server.connectionString, streamPrefix: 'moved-' });
    expect(await copy(source, there)).toBe(STREAMS.length);
    expect(await kept(there)).toEqual(await kept(source));
    expect(await digestOf(there)).toEqual(await digestOf(source));
    await there.close();
    await server.close();
  });

  it('sends events that follow each other in one stream together, and one append at a time', async () => {
    let [inFlight, most] = [0, 0];
    target.troubles = STREAMS.map(() => async (append) => {
      most = Math.max(most, ++inFlight);
      await new Promise(setImmediate);
      return append().finally(() => (inFlight -= 1));
    });
    await copy(source, target);
    expect([target.appends, most]).toEqual([RUNS, 1]);
  });

  it('splits what would not fit into one append', async () => {
    const halves = [0, 1, 2].map((number) => sampleEvent(100 + number, 400_000));
    await source.append('large-1', 'NoStream', halves.slice(0, 2));
    await source.append('large-1', 1, halves.slice(2));
    await copy(source, target);
    expect(await digestOf(target)).toEqual(await digestOf(source));
  });

  it.each([
    ['before it was written', unknownAndLost],
    ['after it was written', unknownButWritten],
    ['while the target is away', unavailable],
  ])('sends an append again that failed %s, and has it once', async (_, trouble) => {
    target.troubles = [trouble, trouble];
    await copy(source, target);
    expect(await kept(target)).toEqual(await kept(source));
  });

  it('gives up on a target that stays away', async () => {
    target.troubles = [unavailable, unavailable];
    const start = { events: 0, position: null };
    await expect(copyLog(source, target, start, { patienceMs: -1 })).rejects.toThrow('the store is away');
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('goes on where it was stopped, after %i appends', async (stoppedAfter) => {
    const stopped: Trouble = async () => {
      throw new Error('stopped');
    };
    target.troubles = [...Array<Trouble>(stoppedAfter).fill(noTrouble), stopped];
    await expect(copy(source, target)).rejects.toThrow('stopped');
    expect(await copy(source, target)).toBe(STREAMS.length);
    expect(target.appends).toBe(RUNS + 1);
    expect(await kept(target)).toEqual(await kept(source));
  });

  it('tells how far it is', async () => {
    const seen: number[] = [];
    const onProgress = (events: number) => seen.push(events);
    await copyLog(source, target, { events: 0, position: null }, { onProgress });
    expect(seen).toEqual([1, 2, 5, 6, 8, 9, 10]);
  });

  it.each([
    ['begins with another event', async () => fillLog(target, ['z-1'])],
    [
      'holds one more',
      async () => {
        await copy(source, target);
        await target.append('z-1', 'NoStream', [sampleEvent(99)]);
      },
    ],
    [
      'differs in one',
      async () => {
        await target.append('a-1', 'NoStream', [{ ...sampleEvent(0), metadata: '{"at":-1}' }]);
      },
    ],
  ])('refuses a target that %s', async (_, fill) => {
    await fill();
    await expect(copiedBefore(source, target)).rejects.toThrow(OtherEvents);
  });
});

describe('the digest of a log', () => {
  const digestWith = async (stream: string, change: object, count = 1) => {
    const log = EmbeddedEventStore.openInMemory();
    const events = Array.from({ length: count }, (_, number) => ({ ...sampleEvent(number), ...change }));
    for (const [index, event] of events.entries()) {
      await log.append(stream, index === 0 ? 'NoStream' : index - 1, [event]);
    }
    const { sha256 } = await digestOf(log);
    await log.close();
    return sha256;
  };

  it('is the same for the same events, and another where any part of one differs', async () => {
    expect(await digestWith('a-1', {})).toBe(await digestWith('a-1', {}));
    const digests = await Promise.all([
      digestWith('a-1', {}),
      digestWith('a-2', {}),
      digestWith('a-1', {}, 2),
      digestWith('a-1', { eventId: sampleEvent(7).eventId }),
      digestWith('a-1', { type: 'SomethingElse' }),
      digestWith('a-1', { data: '{"number": 0}' }),
      digestWith('a-1', { metadata: '{}' }),
    ]);
    expect(new Set(digests).size).toBe(digests.length);
  });
});
