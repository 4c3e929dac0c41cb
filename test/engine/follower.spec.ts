import { Follower } from '../../src/engine/follower.js';
import { lagOf } from '../../src/engine/projection-lag.js';
import type { EventStore, RecordedEvent } from '../../src/ports.js';
import { CounterLog, counted } from '../support/counters.js';
import { eventually } from '../support/views.js';

const never = new AbortController().signal;

describe('Follower', () => {
  let log: CounterLog;
  let follower: Follower;
  const running: Follower[] = [];

  const follow = (store: EventStore = log.store, options = {}): Follower => {
    const made = new Follower(store, log.codec, options);
    running.push(made);
    made.start();
    return made;
  };

  beforeEach(() => {
    log = new CounterLog();
  });

  afterEach(async () => {
    for (const each of running.splice(0)) await each.close();
    await log.store.close();
  });

  it('serves recent events from memory, older ones from the store', async () => {
    const before = await log.append('a', counted(1), counted(2));
    let pages = 0;
    const store = withOverrides(log.store, {
      readLog: (after, limit) => {
        pages += 1;
        return log.store.readLog(after, limit);
      },
    });
    follower = follow(store);
    await follower.moved(null, never);
    const last = await log.append('a', counted(3));
    await follower.moved(before, never);

    expect((await follower.read(before, 10)).map(({ revision }) => revision)).toEqual([2]);
    expect(await follower.read(last, 10)).toEqual([]);
    expect(pages).toBe(0);
    expect((await follower.read(null, 10)).map(({ revision }) => revision)).toEqual([0, 1, 2]);
    expect(pages).toBe(1);
  });

  it('keeps no more in memory than it may, and then says how much lags at least', async () => {
    follower = follow(log.store, { eventsMax: 3 });
    const first = await log.append('a', counted(1));
    let last = first;
    for (let by = 2; by <= 9; by += 1) last = await log.append('a', counted(by));
    await eventually(() => follower.head === last);

    expect(follower.countAfter(first)).toEqual({ events: 4, exact: false });
    const [seventh] = (await log.store.readLog(null, 9)).slice(6);
    expect(follower.countAfter(seventh!.position)).toEqual({ events: 2, exact: true });
    expect(await follower.read(first, 100)).toHaveLength(8);
    const lag = await lagOf(follower, first, log.clock.at + 90_000);
    expect(lag).toEqual({ events: 4, exact: false, seconds: 90 });
    expect(await lagOf(follower, last, log.clock.at)).toEqual({ events: 0, exact: true, seconds: 0 });
  });

  it('decodes an event once for all who ask at the same time, and again after a failure', async () => {
    await log.append('a', counted(1), counted(2));
    const records = await log.store.readLog(null, 10);
    let decoded = 0;
    let fails = true;
    follower = new Follower(log.store, {
      decode: async (asked) => {
        if (fails) throw new Error('the key store is away');
        decoded += asked.length;
        return log.codec.decode(asked);
      },
    });
    await expect(follower.decode(records)).rejects.toThrow('the key store is away');
    fails = false;
    const [one, other] = await Promise.all([follower.decode(records), follower.decode(records.slice(1))]);
    expect(decoded).toBe(2);
    expect(other[0]).toBe(one[1]);
  });

  it('survives outages of the store and repeats nothing', async () => {
    let outages = 3;
    const failures: unknown[] = [];
    const store = withOverrides(log.store, {
      head: async () => {
        if (outages === 3) {
          outages -= 1;
          throw new Error('away');
        }
        return log.store.head();
      },
      follow: async function* (after, signal): AsyncGenerator<RecordedEvent[]> {
        for await (const batch of log.store.follow(after, signal)) {
          yield batch;
          // Sent again, and then the connection breaks.
          yield batch;
          if (outages-- > 0) throw new Error('broken');
        }
      },
    });
    await log.append('a', counted(0));
    follower = follow(store, {
      retryFirstMs: 1,
      report: (_: string, error: unknown) => failures.push(error),
    });
    await eventually(() => follower.head !== null);
    const [first] = await log.store.readLog(null, 10);
    for (let by = 1; by <= 4; by += 1) {
      const position = await log.append('a', counted(by));
      await eventually(() => follower.head === position);
    }
    const seen = await follower.read(first!.position, 10);
    expect(seen.map(({ revision }) => revision)).toEqual([1, 2, 3, 4]);
    expect(failures.map(String)).toEqual(['Error: away', ...Array(2).fill('Error: broken')]);
  });

  it('ends a wait when the one who waits gives up', async () => {
    follower = follow();
    const giving = new AbortController();
    const waiting = follower.moved(null, giving.signal);
    giving.abort();
    await waiting;
    expect(follower.head).toBeNull();
  });
});

function withOverrides(store: EventStore, overrides: Partial<EventStore>): EventStore {
  return Object.assign(Object.create(store) as EventStore, overrides);
}
