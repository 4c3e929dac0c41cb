import { DomainError } from '../../src/domain/domain-error.js';
import { StreamUnreadable } from '../../src/engine/streams.js';
import { QueueFull } from '../../src/engine/turns.js';
import { add, command, raiseTo, Tallies, tallyDecider } from '../support/tally.js';

let tallies: Tallies;
beforeEach(() => {
  tallies = new Tallies();
});

describe('a decision', () => {
  test('appends what it makes of the state, and answers with both', async () => {
    await tallies.decide(add(2));
    expect(await tallies.decide(add(3))).toMatchObject({
      state: 5,
      revision: 1,
      events: [{ type: 'Added', data: { by: 3 } }],
      repeated: false,
    });
    expect(await tallies.sums()).toEqual([2, 3]);
  });
  test('that refuses writes nothing', async () => {
    await expect(tallies.decide(add(2, 1))).rejects.toThrow(DomainError);
    expect(tallies.store.appends).toBe(0);
  });
  test('that is quiet writes nothing', async () => {
    expect(await tallies.decide(raiseTo(0))).toMatchObject({
      state: 0,
      revision: -1,
      events: [],
      repeated: false,
    });
    expect(tallies.store.appends).toBe(0);
  });
  test('on a warm stream costs one append and no read', async () => {
    await tallies.decide();
    const { reads, appends } = tallies.store;
    await tallies.decide();
    expect([tallies.store.reads - reads, tallies.store.appends - appends]).toEqual([0, 1]);
  });
  test('that refuses or is quiet on a warm stream costs a sole writer nothing', async () => {
    await tallies.decide();
    const { reads, appends } = tallies.store;
    await expect(tallies.decide(add(2, 1))).rejects.toThrow(DomainError);
    await tallies.decide(raiseTo(1));
    expect([tallies.store.reads - reads, tallies.store.appends - appends]).toEqual([0, 0]);
  });
  test('that refuses on a cold stream has read it once', async () => {
    const other = tallies.instance({ soleWriter: false });
    await expect(tallies.decide(add(2, 1), tallies.fresh(), other)).rejects.toThrow(DomainError);
    expect(tallies.store.reads).toBe(1);
  });
  test('keeps several events in one append', async () => {
    const both = () => [add(1)(0, 0)[0]!, { type: 'Halved', data: {} } as const];
    expect(await tallies.decide(both)).toMatchObject({ state: 0.5, revision: 1 });
    expect(tallies.store.appends).toBe(1);
  });
  test('is not blamed for what the decider throws on the way', async () => {
    await expect(
      tallies.decide(() => {
        throw new TypeError('a bug');
      }),
    ).rejects.toThrow(TypeError);
    expect(await tallies.decide()).toMatchObject({ state: 1 });
  });
});

describe('commands at once on one stream', () => {
  test('obey the rule as if they came one by one', async () => {
    const results = await Promise.allSettled(Array.from({ length: 64 }, () => tallies.decide(add(1, 10))));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(await tallies.sums()).toHaveLength(10);
    expect(tallies.store.appends).toBe(10);
  });
  test('obey it across instances that conflict', async () => {
    const instances = [1, 2, 3].map(() => tallies.instance({ soleWriter: false }));
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) =>
        tallies.decide(add(1, 10), tallies.fresh(), instances[index % 3]),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refusals.filter((error) => !(error instanceof DomainError))).toEqual([]);
    expect(await tallies.sums()).toHaveLength(10);
  });
  test('are answered in the order in which they came', async () => {
    const sums = await Promise.all([1, 2, 3].map((by) => tallies.decide(add(by))));
    expect(sums.map(({ state }) => state)).toEqual([1, 3, 6]);
  });
  test('wait up to a bound, and are then turned away with nothing done', async () => {
    const waiting = Array.from({ length: 2_000 }, () => tallies.decide(raiseTo(1)));
    await expect(tallies.decide()).rejects.toThrow(QueueFull);
    await Promise.all(waiting);
    expect(await tallies.decide()).toMatchObject({ state: 2 });
  });
  test('of which one fails do not hold up the next', async () => {
    const results = await Promise.allSettled([tallies.decide(add(2, 1)), tallies.decide(add(1))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });
});

describe('time', () => {
  test('never runs backwards in a stream, whatever the clock does', async () => {
    const start = tallies.clock.at;
    await tallies.decide();
    tallies.clock.at = start - 60_000;
    const told: number[] = [];
    await tallies.decide((_, now) => {
      told.push(now);
      return [{ type: 'Halved', data: {} }];
    });
    await tallies.decide(add(1), tallies.fresh(), tallies.instance());
    tallies.clock.at = start + 1;
    await tallies.decide();
    expect(told).toEqual([start]);
    expect((await tallies.history()).map(({ at }) => at - start)).toEqual([0, 0, 0, 1]);
  });
});

describe('reading', () => {
  test('gives the state, revision and position of the stream', async () => {
    expect(await tallies.streams.read(tallyDecider, 'a')).toMatchObject({
      state: 0,
      revision: -1,
      position: null,
    });
    const { position } = await tallies.decide(add(4));
    expect(await tallies.streams.read(tallyDecider, 'a')).toMatchObject({ state: 4, revision: 0, position });
  });
  test('costs a sole writer nothing once the stream is known', async () => {
    await tallies.decide();
    const { reads } = tallies.store;
    tallies.clock.at += 3_600_000;
    await tallies.streams.read(tallyDecider, 'a');
    expect(tallies.store.reads).toBe(reads);
  });
  test('sees what others wrote at once; of what is recent enough, within half a second', async () => {
    let uptimeMs = 7_000;
    const other = tallies.instance({ soleWriter: false, uptimeMs: () => uptimeMs });
    await other.recent(tallyDecider, 'a');
    await tallies.decide(add(1));
    uptimeMs += 499;
    expect((await other.recent(tallyDecider, 'a')).state).toBe(0);
    expect((await other.read(tallyDecider, 'a')).state).toBe(1);
    await tallies.decide(add(1));
    uptimeMs += 499;
    expect((await other.recent(tallyDecider, 'a')).state).toBe(1);
    uptimeMs += 1;
    expect((await other.recent(tallyDecider, 'a')).state).toBe(2);
  });
  test('by many at once asks the store once, where recent is enough', async () => {
    const other = tallies.instance({ soleWriter: false });
    await tallies.decide(add(1));
    const { reads } = tallies.store;
    const states = await Promise.all(Array.from({ length: 20 }, () => other.recent(tallyDecider, 'a')));
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set([1]));
    expect(tallies.store.reads - reads).toBe(1);
  });
});

test('a stream with an event that cannot be read is refused, not guessed at', async () => {
  await tallies.decide(add(1));
  const metadata = JSON.stringify({ at: 1, actor: command('x').actor, commandId: 'x', schema: 1 });
  const broken = {
    eventId: '00000000-0000-7000-8000-000000000002',
    type: 'Added',
    data: '{"by":"x"}',
    metadata,
  };
  await tallies.store.log.append('tally-a', 0, [broken]);
  await expect(tallies.decide(add(1), tallies.fresh(), tallies.instance())).rejects.toThrow(StreamUnreadable);
  await expect(tallies.instance().read(tallyDecider, 'a')).rejects.toThrow(StreamUnreadable);
});

test('facts that nobody decides on are appended whatever the stream holds', async () => {
  await tallies.decide(add(1));
  await tallies.streams.record(tallyDecider, 'a', add(2)(0, 0), tallies.fresh());
  await tallies.streams.record(tallyDecider, 'a', add(3)(0, 0), tallies.fresh());
  expect(await tallies.sums()).toEqual([1, 2, 3]);
});

test('a cold stream of 10,000 events is read in pages, with turns for others between', async () => {
  const history = () => Array.from({ length: 1_000 }, () => add(1)(0, 0)[0]!);
  for (let batch = 0; batch < 10; batch += 1) await tallies.decide(history);
  const { reads } = tallies.store;
  let turns = 0;
  let done = false;
  const count = () => {
    turns += 1;
    if (!done) setImmediate(count);
  };
  setImmediate(count);
  const { state } = await tallies.instance().read(tallyDecider, 'a');
  done = true;
  expect(state).toBe(10_000);
  expect(tallies.store.reads - reads).toBe(41);
  expect(turns).toBeGreaterThanOrEqual(40);
});
