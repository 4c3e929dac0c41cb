import fc from 'fast-check';
import { Follower } from '../../src/engine/follower.js';
import type { Projection } from '../../src/engine/projection.js';
import { ProjectedView } from '../../src/engine/projected-view.js';
import { Projector, type ProjectorOptions } from '../../src/engine/projector.js';
import { StoreUnavailable, type Position, type ReadStore } from '../../src/ports.js';
import { admired, cleared, counted, CounterLog, entries, freshFold, totals } from '../support/counters.js';
import { contents, eventually, memoryViews } from '../support/views.js';

const WAIT_MS = 60_000;

let log: CounterLog;
let views: ReadStore;
let closing: (() => Promise<void>)[];

beforeEach(() => {
  log = new CounterLog();
  views = memoryViews();
  closing = [() => log.store.close()];
});

afterEach(async () => {
  for (const close of closing.reverse()) await close();
});

function project(projections: readonly Projection[], options: ProjectorOptions = {}): Projector {
  const follower = new Follower(log.store, log.codec);
  const quick = { restMs: 0, retryFirstMs: 1, ...options };
  const projector = new Projector(projections, follower, log.store, views, log.clock, quick);
  closing.push(
    () => follower.close(),
    () => projector.close(),
  );
  follower.start();
  projector.start();
  return projector;
}

describe('Projector', () => {
  it('folds what is there and what comes, to what a fresh fold gives', async () => {
    await log.append('a', counted(1), admired, counted(2));
    await log.append('b', counted(5), cleared);
    const projector = project([totals, entries], { pageMax: 2 });
    const last = await log.append('a', counted(4));
    await projector.waitFor('totals-1', last, WAIT_MS);
    await projector.waitFor('entries-1', last, WAIT_MS);
    expect(await contents(views, 'totals-1')).toEqual({ 'counter-a': { total: 7 } });
    expect(await contents(views, 'entries-1')).toEqual(await freshFold(entries, log));
    expect(projector.states()).toEqual([
      { name: 'totals-1', position: last, parkedCount: 0, failure: null },
      { name: 'entries-1', position: last, parkedCount: 0, failure: null },
    ]);
  });

  it('goes on from its checkpoint, and lets a new projection catch up beside the others', async () => {
    const first = project([totals]);
    const before = await log.append('a', counted(1), counted(2));
    await first.waitFor('totals-1', before, WAIT_MS);
    await first.close();
    let folded = 0;
    const counting = {
      ...totals,
      fold: (...args: Parameters<typeof totals.fold>) => (folded++, totals.fold(...args)),
    };
    const second = project([counting, entries], { pageMax: 1 });
    const last = await log.append('a', counted(3));
    await second.waitFor('totals-1', last, WAIT_MS);
    await second.waitFor('entries-1', last, WAIT_MS);
    expect(folded).toBe(1);
    expect(await contents(views, 'totals-1')).toEqual({ 'counter-a': { total: 6 } });
    expect(Object.keys(await contents(views, 'entries-1'))).toHaveLength(3);
  });

  it('counts nothing twice when it is killed between the documents and the checkpoint', async () => {
    const last = await log.append('a', counted(1), counted(2));
    const save = views.save.bind(views);
    let kills = 2;
    views.save = async (view, writes, checkpoint) => {
      if (kills-- > 0) {
        // A batch is not atomic: what is killed on the way has written some documents and no checkpoint.
        await save(view, writes, '');
        throw new StoreUnavailable('killed');
      }
      return save(view, writes, checkpoint);
    };
    const projector = project([totals]);
    await projector.waitFor('totals-1', last, WAIT_MS);
    expect(await contents(views, 'totals-1')).toEqual({ 'counter-a': { total: 3 } });
    expect(kills).toBeLessThan(0);
  });

  it('folds documents again that another projector wrote meanwhile', async () => {
    await log.append('a', counted(1), counted(5));
    const last = await log.append('b', counted(2));
    const save = views.save.bind(views);
    let interfered = false;
    views.save = async (view, writes, checkpoint) => {
      if (!interfered) {
        interfered = true;
        const other = new ProjectedView(totals, views, log.clock);
        await other.open();
        const [first] = await log.store.readLog(null, 1);
        await other.apply(await log.codec.decode([first!]), first!.position);
      }
      return save(view, writes, checkpoint);
    };
    const projector = project([totals]);
    await projector.waitFor('totals-1', last, WAIT_MS);
    expect(await contents(views, 'totals-1')).toEqual(await freshFold(totals, log));
  });

  it('tells who waits for a position when the view does not come there in time', async () => {
    const projector = project([totals]);
    const position = await log.append('a', counted(1));
    await projector.pause('totals-1');
    const next = await log.append('a', counted(1));
    expect(next > position).toBe(true);
    expect(await projector.waitFor('totals-1', next, 5)).toBe(false);
    await projector.resume('totals-1');
    expect(await projector.waitFor('totals-1', next, WAIT_MS)).toBe(true);
    await expect(projector.waitFor('nowhere-1', next, 1)).rejects.toThrow('no projection nowhere-1');
  });

  it('keeps going with the other projections while the store of one is away', async () => {
    const save = views.save.bind(views);
    let away = true;
    views.save = async (view, writes, checkpoint) => {
      if (away && view === 'totals-1') throw new StoreUnavailable('away');
      return save(view, writes, checkpoint);
    };
    const projector = project([totals, entries]);
    const last = await log.append('a', counted(1));
    await projector.waitFor('entries-1', last, WAIT_MS);
    await eventually(() => projector.states()[0]!.failure !== null);
    expect(projector.states()[0]).toMatchObject({ position: null, failure: 'StoreUnavailable: away' });
    away = false;
    await projector.waitFor('totals-1', last, WAIT_MS);
    expect(projector.states()[0]).toMatchObject({ position: last, failure: null });
  });

  it('is strictly sequential however slow the store is', async () => {
    let inside = 0;
    let together = 0;
    const load = views.load.bind(views);
    views.load = async (view, keys) => {
      together = Math.max(together, ++inside);
      await new Promise((resume) => setTimeout(resume, 5));
      inside -= 1;
      return load(view, keys);
    };
    const projector = project([totals], { pageMax: 1 });
    let last: Position = '';
    for (let by = 1; by <= 5; by += 1) last = await log.append('a', counted(by));
    await projector.waitFor('totals-1', last, WAIT_MS);
    expect(together).toBe(1);
    expect(await contents(views, 'totals-1')).toEqual({ 'counter-a': { total: 15 } });
  });

  it('refuses a checkpoint beyond the end of the log until the view is rebuilt', async () => {
    const last = await log.append('a', counted(1));
    await views.open(totals);
    await views.save('totals-1', [], `${last}9`);
    const reports: unknown[] = [];
    const projector = project([totals, entries], { report: (_, error) => reports.push(error) });
    await projector.waitFor('entries-1', last, WAIT_MS);
    expect(projector.states()[0]!.failure).toMatch(/beyond the end of the log .* Rebuild the view/);
    expect(reports.map((error) => (error as Error).name)).toEqual(['CheckpointAheadOfLog']);
    await log.append('a', counted(2));
    expect(await contents(views, 'totals-1')).toEqual({});
  });

  it('forgets deleted documents once the checkpoint is an hour past them', async () => {
    const projector = project([totals]);
    const deleted = await log.append('a', counted(1), cleared);
    await projector.waitFor('totals-1', deleted, WAIT_MS);
    expect(await views.get('totals-1', 'counter-a')).toEqual({
      key: 'counter-a',
      position: deleted,
      body: null,
    });
    log.clock.at += 3_599_999;
    await projector.waitFor('totals-1', await log.append('b', admired), WAIT_MS);
    expect(await views.get('totals-1', 'counter-a')).not.toBeNull();
    log.clock.at += 1;
    await projector.waitFor('totals-1', await log.append('b', admired), WAIT_MS);
    expect(await views.get('totals-1', 'counter-a')).toBeNull();
  });

  it('keeps no trace of documents that never were', async () => {
    const projector = project([totals]);
    await projector.waitFor('totals-1', await log.append('a', cleared, cleared), WAIT_MS);
    expect(await views.get('totals-1', 'counter-a')).toBeNull();
  });
});

describe('a stream that cannot be folded', () => {
  it('parks, visibly, from that event on; everything else goes on', async () => {
    await log.append('a', counted(1));
    const broken = await log.appendBroken('a');
    await log.append('a', counted(2));
    await log.append('b', counted(3));
    const last = await log.appendBroken('b', 'Admired');
    const projector = project([totals, entries]);
    await projector.waitFor('totals-1', last, WAIT_MS);
    expect(await contents(views, 'totals-1')).toEqual({
      'counter-a': { total: 1 },
      'counter-b': { total: 3 },
    });
    expect(await views.parked('totals-1')).toEqual([
      {
        stream: 'counter-a',
        revision: 1,
        position: broken,
        cause: expect.stringContaining('expected number'),
        parkedAt: log.clock.at,
      },
    ]);
    expect(projector.states()[0]).toMatchObject({ parkedCount: 1, failure: null });
  });

  it('parks too when the fold throws in spite of its contract, and stays parked after a restart', async () => {
    const touchy = { ...totals, fold: refusing(2) };
    await log.append('a', counted(1), counted(2), counted(3));
    const last = await log.append('b', counted(3));
    const first = project([touchy]);
    await first.waitFor('totals-1', last, WAIT_MS);
    await first.close();
    const second = project([totals]);
    const later = await log.append('a', counted(4));
    await second.waitFor('totals-1', later, WAIT_MS);
    expect(await contents(views, 'totals-1')).toEqual({
      'counter-a': { total: 1 },
      'counter-b': { total: 3 },
    });
    expect(await views.parked('totals-1')).toMatchObject([{ stream: 'counter-a', revision: 1 }]);
  });

  it('is folded again from its first event when it is retried', async () => {
    let refused = 2;
    const touchy = {
      ...totals,
      fold: (...args: Parameters<typeof totals.fold>) => refusing(refused)(...args),
    };
    await log.append('a', counted(1), counted(2), counted(3));
    const projector = project([touchy]);
    await projector.waitFor('totals-1', await log.append('b', counted(9)), WAIT_MS);
    refused = 3;
    expect(await projector.refold('totals-1', 'counter-a')).toMatchObject({ revision: 2 });
    expect(await contents(views, 'totals-1')).toEqual({
      'counter-a': { total: 3 },
      'counter-b': { total: 9 },
    });
    refused = 0;
    expect(await projector.refold('totals-1', 'counter-a')).toBeNull();
    const last = await log.append('a', counted(4));
    await projector.waitFor('totals-1', last, WAIT_MS);
    expect(await contents(views, 'totals-1')).toEqual({
      'counter-a': { total: 10 },
      'counter-b': { total: 9 },
    });
    expect(await views.parked('totals-1')).toEqual([]);
    expect(projector.states()[0]!.parkedCount).toBe(0);
  });

  it('misses nothing when others go on with the view while it is folded again', async () => {
    await log.append('a', counted(1));
    await log.append('a', counted(2));
    const stalled = project([{ ...totals, fold: refusing(2) }]);
    await stalled.waitFor('totals-1', await log.append('b', counted(9)), WAIT_MS);
    // One event comes while the stream is still parked for whoever leads, and one when it is not any more.
    const unpark = views.unpark.bind(views);
    views.unpark = async (...parked) => {
      views.unpark = unpark;
      await stalled.waitFor('totals-1', await log.append('a', counted(4)), WAIT_MS);
      await unpark(...parked);
      await stalled.waitFor('totals-1', await log.append('a', counted(8)), WAIT_MS);
    };
    const elsewhere = new ProjectedView(totals, views, log.clock);
    await elsewhere.open();
    expect(await elsewhere.refold('counter-a', log.store, log.codec)).toBeNull();
    expect(await contents(views, 'totals-1')).toMatchObject({ 'counter-a': { total: 15 } });
    expect(await views.parked('totals-1')).toEqual([]);
  });

  it('goes on when another process has unparked it', async () => {
    await log.append('a', counted(1));
    await log.appendBroken('a');
    const projector = project([totals]);
    await projector.waitFor('totals-1', await log.append('b', counted(1)), WAIT_MS);
    await views.unpark('totals-1', 'counter-a');
    await projector.waitFor('totals-1', await log.append('a', counted(5)), WAIT_MS);
    expect(await contents(views, 'totals-1')).toMatchObject({ 'counter-a': { total: 6 } });
  });
});

describe('delivery', () => {
  it('leaves the same view however pages are cut, repeated and sent out of order', async () => {
    const events = fc.array(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c'),
        event: fc.constantFrom(counted(1), counted(10), cleared, admired),
      }),
      { minLength: 1, maxLength: 25 },
    );
    const deliveries = fc.array(fc.tuple(fc.nat(24), fc.integer({ min: 1, max: 12 })), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(events, deliveries, async (history, cuts) => {
        const world = new CounterLog();
        const store = memoryViews();
        for (const { id, event } of history) await world.append(id, event);
        const records = await world.store.readLog(null, 1_000);
        const decoded = await world.codec.decode(records);
        for (const projection of [totals, entries]) {
          const view = new ProjectedView(projection, store, world.clock);
          await view.open();
          let reached = 0;
          for (const [from, length] of [...cuts, [0, records.length] as const]) {
            // No store leaves out events, but any of them may send again what it sent before.
            const start = Math.min(from, reached);
            const end = Math.min(start + length, records.length);
            if (end <= start) continue;
            await view.apply(decoded.slice(start, end), records[end - 1]!.position);
            reached = Math.max(reached, end);
          }
          expect(await contents(store, projection.name)).toEqual(await freshFold(projection, world));
        }
        await store.close();
        await world.store.close();
      }),
      { numRuns: 60 },
    );
  });
});

const refusing =
  (by: number) =>
  (...[doc, event]: Parameters<typeof totals.fold>) => {
    if (event.data.by === by) throw new Error('no');
    return totals.fold(doc, event);
  };
