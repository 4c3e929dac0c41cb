import { Follower } from '../../src/engine/follower.js';
import type { Envelope } from '../../src/engine/envelope.js';
import { GivenUp, type Reaction } from '../../src/engine/projection.js';
import { lagOf } from '../../src/engine/projection-lag.js';
import { reactionView, type ReactionOptions, type ReactionState } from '../../src/engine/reaction-run.js';
import { Reactor } from '../../src/engine/reactor.js';
import { StoreUnavailable, type Position, type ReadStore } from '../../src/ports.js';
import { admired, counted, CounterLog } from '../support/counters.js';
import { eventually, memoryViews } from '../support/views.js';

let log: CounterLog;
let views: ReadStore;
let follower: Follower;
let reactors: Reactor[];

beforeEach(() => {
  log = new CounterLog();
  views = memoryViews();
  follower = new Follower(log.store, log.codec);
  follower.start();
  reactors = [];
});

afterEach(async () => {
  for (const reactor of reactors) await reactor.drain(100);
  await follower.close();
  await log.store.close();
});

function reacting(reactions: readonly Reaction[], options: ReactionOptions = {}): Reactor {
  const quick = { retryFirstMs: 1, retryMaxMs: 2, saveEveryMs: 1, ...options };
  const reactor = new Reactor(reactions, follower, log.store, views, log.clock, quick);
  reactors.push(reactor);
  reactor.start();
  return reactor;
}

const reaction = (name: string, react: (event: Envelope) => Promise<void>): Reaction => ({
  name,
  types: new Set(['Counted']),
  react,
});

const stateOf = (reactor: Reactor, name: string): ReactionState =>
  reactor.states().find((state) => state.name === name)!;

const reaches = (reactor: Reactor, name: string, position: Position): Promise<void> =>
  eventually(() => (stateOf(reactor, name).position ?? '') >= position);

const saved = (name: string, position: Position): Promise<void> =>
  eventually(async () => (await views.checkpoint(reactionView(name))) === position);

const by = (event: Envelope): number => event.data.by as number;

describe('Reactor', () => {
  it('reacts to the events of its types, in the order of each stream, and goes on from its checkpoint', async () => {
    const seen: number[] = [];
    const notice = reaction('notice', async (event) => void seen.push(by(event)));
    await log.append('a', counted(1), admired, counted(2));
    const first = reacting([notice]);
    const last = await log.append('a', counted(3), admired);
    await reaches(first, 'notice', last);
    expect(await first.drain(5_000)).toBe(true);
    expect(await views.checkpoint(reactionView('notice'))).toBe(last);
    const second = reacting([notice]);
    await reaches(second, 'notice', await log.append('a', counted(4)));
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it('tries again until it works; later events of that stream wait, those of others do not', async () => {
    const seen: string[] = [];
    let refusing = true;
    const notice = reaction('notice', async (event) => {
      if (refusing && event.stream === 'counter-a') throw new Error('mail server away');
      seen.push(`${event.stream} ${by(event)}`);
    });
    const before = await log.append('z', admired);
    await log.append('a', counted(1), counted(2));
    const last = await log.append('b', counted(3));
    const reactor = reacting([notice], { streamsMax: 1 });
    await eventually(() => seen.length === 1 && stateOf(reactor, 'notice').retries > 2);
    expect(seen).toEqual(['counter-b 3']);
    expect(stateOf(reactor, 'notice')).toMatchObject({
      position: before,
      unfinishedCount: 3,
      failure: 'Error: mail server away',
    });
    await saved('notice', before);
    const lag = await lagOf(follower, stateOf(reactor, 'notice').position, log.clock.at + 7_000);
    expect(lag.seconds).toBe(7);
    refusing = false;
    await reaches(reactor, 'notice', last);
    expect(seen).toEqual(['counter-b 3', 'counter-a 1', 'counter-a 2']);
    expect(stateOf(reactor, 'notice')).toMatchObject({ unfinishedCount: 0, failure: null });
    await saved('notice', last);
  });

  it('is not stopped by another reaction that hangs', async () => {
    const stuck = reaction('stuck', () => new Promise(() => undefined));
    const works = reaction('works', async () => undefined);
    const reactor = reacting([stuck, works]);
    let last: Position = '';
    for (const id of 'abcdefghijkl') last = await log.append(id, counted(1));
    await reaches(reactor, 'works', last);
    expect(stateOf(reactor, 'stuck').position).toBeNull();
    expect(await reactor.drain(5)).toBe(false);
  });

  it('reacts to no more streams at a time than it may, and to one event of a stream', async () => {
    const running = new Set<string>();
    let most = 0;
    const notice = reaction('notice', async ({ stream }) => {
      expect(running.has(stream)).toBe(false);
      running.add(stream);
      most = Math.max(most, running.size);
      await new Promise((resume) => setTimeout(resume, 2));
      running.delete(stream);
    });
    let last: Position = '';
    for (const id of 'abcdeabcde') last = await log.append(id, counted(1));
    const reactor = reacting([notice], { streamsMax: 3 });
    await reaches(reactor, 'notice', last);
    expect(most).toBe(3);
    expect(stateOf(reactor, 'notice').retries).toBe(0);
  });

  it('reads no further while too much is unfinished', async () => {
    const stuck = reaction('stuck', () => new Promise(() => undefined));
    for (let count = 0; count < 300; count += 1) await log.append(`s${count}`, counted(1));
    const reactor = reacting([stuck], { unfinishedMax: 10 });
    await eventually(() => stateOf(reactor, 'stuck').unfinishedCount > 0);
    await new Promise((resume) => setTimeout(resume, 20));
    expect(stateOf(reactor, 'stuck').unfinishedCount).toBeLessThan(10 + 250);
  });

  it('parks what it gave up and what cannot be decoded, visibly, and goes on in the same stream', async () => {
    const seen: number[] = [];
    let refusing = true;
    const notice = reaction('notice', async (event) => {
      if (refusing && by(event) === 1) throw new GivenUp('address refused');
      seen.push(by(event));
    });
    await log.append('a', counted(1));
    await log.appendBroken('a');
    const last = await log.append('a', counted(2));
    const reactor = reacting([notice]);
    await reaches(reactor, 'notice', last);
    expect(seen).toEqual([2]);
    expect(await views.parked(reactionView('notice'))).toMatchObject([
      { stream: 'counter-a@0', revision: 0, cause: 'address refused', parkedAt: log.clock.at },
      { stream: 'counter-a@1', revision: 1, cause: expect.stringContaining('expected number') },
    ]);
    expect(stateOf(reactor, 'notice')).toMatchObject({ parkedCount: 2, retries: 0, failure: null });

    await expect(reactor.retry('notice', 'counter-a@0')).rejects.toThrow('address refused');
    await expect(reactor.retry('notice', 'counter-a@1')).rejects.toThrow('expected number');
    await expect(reactor.retry('notice', 'counter-x@1')).rejects.toThrow('no event counter-x@1');
    refusing = false;
    await reactor.retry('notice', 'counter-a@0');
    expect(seen).toEqual([2, 1]);
    expect(stateOf(reactor, 'notice').parkedCount).toBe(1);
  });

  it('survives outages of the log and of its checkpoints', async () => {
    const seen: number[] = [];
    let outages = 0;
    const failing = <T>(work: () => Promise<T>): Promise<T> =>
      ++outages % 2 ? Promise.reject(new StoreUnavailable('away')) : work();
    const [open, save] = [views.open.bind(views), views.save.bind(views)];
    views.open = (view) => failing(() => open(view));
    views.save = (view, writes, at) => failing(() => save(view, writes, at));
    const read = follower.read.bind(follower);
    follower.read = (after, limit) => failing(() => read(after, limit));
    const reactor = reacting([reaction('notice', async (event) => void seen.push(by(event)))]);
    const last = await log.append('a', counted(1), counted(2));
    await reaches(reactor, 'notice', last);
    await saved('notice', last);
    expect(seen).toEqual([1, 2]);
  });

  it('starts over when its checkpoint is beyond the end of the log', async () => {
    const last = await log.append('a', counted(1));
    await views.open({ name: reactionView('notice'), indexes: [] });
    await views.save(reactionView('notice'), [], `${last}9`);
    const seen: number[] = [];
    const reactor = reacting([reaction('notice', async (event) => void seen.push(by(event)))]);
    await saved('notice', last);
    expect(stateOf(reactor, 'notice').position).toBe(last);
    expect(seen).toEqual([1]);
  });

  it('begins nothing new while it drains, and loses nothing', async () => {
    const seen: number[] = [];
    let finish = (): void => undefined;
    const notice = reaction('notice', async (event) => {
      await new Promise<void>((resolve) => (finish = resolve));
      seen.push(by(event));
    });
    const first = await log.append('a', counted(1));
    await log.append('a', counted(2));
    const last = await log.append('b', counted(3));
    const reactor = reacting([notice], { streamsMax: 1 });
    await eventually(() => stateOf(reactor, 'notice').unfinishedCount === 3);
    const draining = reactor.drain(5_000);
    finish();
    expect(await draining).toBe(true);
    expect(seen).toEqual([1]);
    expect(await views.checkpoint(reactionView('notice'))).toBe(first);
    const again = reacting([reaction('notice', async (event) => void seen.push(by(event)))]);
    await reaches(again, 'notice', last);
    expect(seen.sort()).toEqual([1, 2, 3]);
  });
});
