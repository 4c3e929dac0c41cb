import { MemoryLeases } from '../../src/adapters/embedded/leases.js';
import { Follower } from '../../src/engine/follower.js';
import { Lease } from '../../src/engine/lease.js';
import { LedProjections } from '../../src/engine/led-projections.js';
import type { Reaction } from '../../src/engine/projection.js';
import { Reactor } from '../../src/engine/reactor.js';
import type { ReadStore } from '../../src/ports.js';
import { counted, CounterLog, entries, freshFold, totals } from '../support/counters.js';
import { contents, eventually, memoryViews } from '../support/views.js';

const WAIT_MS = 60_000;
const LASTS_MS = 5_000;

let log: CounterLog;
let views: ReadStore;
let leases: MemoryLeases;
/** Of all instances; a test moves it. */
let uptime: number;
let closing: (() => Promise<unknown>)[];

beforeEach(() => {
  log = new CounterLog();
  views = memoryViews();
  leases = new MemoryLeases();
  uptime = 1_000;
  closing = [() => log.store.close()];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
});

function follower(): Follower {
  const made = new Follower(log.store, log.codec);
  made.start();
  closing.push(() => made.close());
  return made;
}

/** An instance that can be stopped as a process is: its own time goes on while nothing else does. */
function leaseOf(instance: string, isStopped = () => false) {
  return (name: string) =>
    new Lease(leases, name, instance, {
      lastsMs: LASTS_MS,
      beatMs: 1,
      uptimeMs: () => (isStopped() ? Number.POSITIVE_INFINITY : uptime),
    });
}

class Counting {
  saves = 0;
  readonly store: ReadStore;
  constructor(inner: ReadStore) {
    this.store = new Proxy(inner, {
      get: (target, name: keyof ReadStore) => {
        const member: unknown = target[name];
        if (typeof member !== 'function') return member;
        if (name === 'save') this.saves += 1;
        return member.bind(target) as unknown;
      },
    });
  }
}

function projecting(instance: string): { live: LedProjections; counting: Counting } {
  const counting = new Counting(views);
  const live = new LedProjections([totals, entries], follower(), log.store, counting.store, log.clock, {
    restMs: 0,
    retryFirstMs: 1,
    lookEveryMs: 1,
    leadOf: leaseOf(instance),
  });
  closing.push(() => live.close());
  live.start();
  return { live, counting };
}

describe('Projections of several instances', () => {
  it('are led by one, and every instance waits for them and knows how they stand', async () => {
    const first = projecting('a');
    const before = await log.append('a', counted(1));
    await first.live.waitFor('totals-1', before, WAIT_MS);
    const second = projecting('b');
    const last = await log.append('a', counted(2));
    for (const { live } of [first, second]) {
      expect(await live.waitFor('totals-1', last, WAIT_MS)).toBe(true);
      await eventually(() => live.states().every(({ position }) => position === last));
    }
    expect(second.counting.saves).toBe(0);
    expect(await second.live.waitFor('totals-1', `${last}0`, 1)).toBe(false);
  });

  it('pass to another instance when theirs stops, and go on where they stood', async () => {
    const first = projecting('a');
    await first.live.waitFor('totals-1', await log.append('a', counted(1)), WAIT_MS);
    const second = projecting('b');
    await first.live.close();
    const last = await log.append('a', counted(2));
    await second.live.waitFor('totals-1', last, WAIT_MS);
    await second.live.waitFor('entries-1', last, WAIT_MS);
    expect(await contents(views, 'totals-1')).toEqual(await freshFold(totals, log));
    expect(await contents(views, 'entries-1')).toEqual(await freshFold(entries, log));
    expect(second.counting.saves).toBeGreaterThan(0);
  });

  it('fold a stream again at the wish of an instance that does not lead', async () => {
    const first = projecting('a');
    await log.append('a', counted(1));
    const last = await log.append('b', counted(5));
    await first.live.waitFor('totals-1', last, WAIT_MS);
    await views.park('totals-1', {
      stream: 'counter-a',
      revision: 1,
      position: last,
      cause: 'made up',
      parkedAt: 0,
    });
    const latest = await log.append('a', counted(2));
    await first.live.waitFor('totals-1', latest, WAIT_MS);
    expect(await contents(views, 'totals-1')).toMatchObject({ 'counter-a': { total: 1 } });
    const second = projecting('b');
    expect(await second.live.refold('totals-1', 'counter-a')).toBeNull();
    expect(await contents(views, 'totals-1')).toMatchObject({ 'counter-a': { total: 3 } });
    await first.live.waitFor('totals-1', await log.append('a', counted(4)), WAIT_MS);
    expect(await contents(views, 'totals-1')).toMatchObject({ 'counter-a': { total: 7 } });
  });
});

describe('Reactions of several instances', () => {
  const reacted: string[] = [];
  beforeEach(() => void reacted.splice(0));

  function reacting(instance: string, react: Reaction['react'], isStopped?: () => boolean): Reactor {
    const reaction = { name: 'notice', types: new Set(['Counted']), react };
    const reactor = new Reactor([reaction], follower(), log.store, views, log.clock, {
      retryFirstMs: 1,
      retryMaxMs: 2,
      saveEveryMs: 1,
      lookEveryMs: 1,
      leadOf: leaseOf(instance, isStopped),
    });
    closing.push(() => reactor.drain(1_000));
    reactor.start();
    return reactor;
  }
  const noting =
    (instance: string): Reaction['react'] =>
    async ({ data }) =>
      void reacted.push(`${instance} ${data.by as number}`);

  it('happen at one of them, and the others know how far it is', async () => {
    const first = reacting('a', noting('a'));
    await eventually(() => first.states()[0]!.position === null);
    await log.append('a', counted(1));
    await eventually(() => reacted.length === 1);
    const second = reacting('b', noting('b'));
    const last = await log.append('a', counted(2));
    await eventually(() => second.states()[0]!.position === last && first.states()[0]!.position === last);
    expect(reacted).toEqual(['a 1', 'a 2']);
  });

  it('pass on when their instance ends; what it had begun it finishes first', async () => {
    let finish = () => undefined as void;
    const first = reacting('a', async (event) => {
      await new Promise<void>((resolve) => (finish = resolve));
      await noting('a')(event);
    });
    await log.append('a', counted(1));
    await log.append('a', counted(2));
    await eventually(() => first.states()[0]!.unfinishedCount === 2);
    reacting('b', noting('b'));
    const drained = first.drain(WAIT_MS);
    finish();
    expect(await drained).toBe(true);
    await eventually(() => reacted.length === 2);
    expect(reacted).toEqual(['a 1', 'b 2']);
  });

  it('are not begun by an instance whose lease ran out while it was stopped', async () => {
    let stopped = false;
    reacting(
      'a',
      async (event) => {
        await noting('a')(event);
        stopped = true;
      },
      () => stopped,
    );
    await log.append('a', counted(1), counted(2));
    await eventually(() => stopped);
    reacting('b', noting('b'));
    await eventually(() => {
      uptime += 100;
      return reacted.includes('b 2');
    });
    expect(reacted).not.toContain('a 2');
  });

  it('may come twice where an instance was stopped in the middle of one, and are not begun twice', async () => {
    let stopped = false;
    const held: (() => void)[] = [];
    const first = reacting(
      'a',
      async (event) => {
        await new Promise<void>((resolve) => held.push(resolve));
        await noting('a')(event);
      },
      () => stopped,
    );
    await log.append('a', counted(1), counted(2));
    await eventually(() => first.states()[0]!.unfinishedCount === 2 && held.length === 1);
    reacting('b', noting('b'));
    stopped = true;
    await eventually(() => {
      uptime += 100;
      return reacted.length === 2;
    });
    held[0]!();
    await eventually(() => first.states()[0]!.unfinishedCount === 0);
    // Which is why reactions look at the stream before they act.
    expect(reacted).toEqual(['b 1', 'b 2', 'a 1']);
  });
});
