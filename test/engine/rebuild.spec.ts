import { Follower } from '../../src/engine/follower.js';
import { Projector } from '../../src/engine/projector.js';
import { Rebuild } from '../../src/engine/rebuild.js';
import { rebuildViews, type RebuildPart } from '../../src/engine/rebuild-views.js';
import type { ReadStore } from '../../src/ports.js';
import { cleared, counted, CounterLog, entries, freshFold, totals } from '../support/counters.js';
import { contents, memoryViews } from '../support/views.js';

const WAIT_MS = 60_000;
const never = new AbortController().signal;
/** As `totals-1` of another program version, which counted wrongly. */
const wrong = { ...totals, fold: () => ({ total: -1 }) };

let log: CounterLog;
let views: ReadStore;
let follower: Follower;
let projectors: Projector[];

beforeEach(() => {
  log = new CounterLog();
  views = memoryViews();
  follower = new Follower(log.store, log.codec);
  follower.start();
  projectors = [];
});

afterEach(async () => {
  for (const projector of projectors) await projector.close();
  await follower.close();
  await log.store.close();
});

function project(projections = [totals, entries]): Projector {
  const projector = new Projector(projections, follower, log.store, views, log.clock, { restMs: 0 });
  projectors.push(projector);
  projector.start();
  return projector;
}

/** Leaves views of the first projector behind, closed. */
async function foldedWrongly(): Promise<void> {
  await log.append('a', counted(1), counted(2));
  const last = await log.append('b', counted(3), cleared);
  const projector = project([wrong as typeof totals, entries]);
  await projector.waitFor('totals-1', last, WAIT_MS);
  await projector.waitFor('entries-1', last, WAIT_MS);
  await projector.close();
  expect(await contents(views, 'totals-1')).toEqual({
    'counter-a': { total: -1 },
    'counter-b': { total: -1 },
  });
}

const part = (projections = [totals, entries]): RebuildPart => ({
  projections: projections.map(({ name }) => name),
  builder: new Rebuild(projections, log.store, log.codec, views, log.clock, { pageMax: 2 }),
});

describe('a rebuild', () => {
  it('gives what a fresh fold gives, and the projector goes on from there', async () => {
    await foldedWrongly();
    const projector = project();
    const progress: number[] = [];
    await rebuildViews(projector, [part()], (done) => progress.push(done), never);
    expect(progress).toEqual([2, 4]);
    const last = await log.append('a', counted(10));
    await projector.waitFor('totals-1', last, WAIT_MS);
    await projector.waitFor('entries-1', last, WAIT_MS);
    expect(await contents(views, 'totals-1')).toEqual({ 'counter-a': { total: 13 } });
    expect(await contents(views, 'entries-1')).toEqual(await freshFold(entries, log));
  });

  it('works in parts, and takes in what is appended while it runs', async () => {
    await foldedWrongly();
    const projector = project();
    const appends: Promise<string>[] = [];
    const progress = () => {
      if (appends.length < 3) appends.push(log.append('c', counted(1)));
    };
    await rebuildViews(projector, [part([totals]), part([entries])], progress, never);
    expect(await Promise.all(appends)).toHaveLength(3);
    const last = await log.append('c', counted(1));
    await projector.waitFor('totals-1', last, WAIT_MS);
    await projector.waitFor('entries-1', last, WAIT_MS);
    expect(await contents(views, 'totals-1')).toEqual(await freshFold(totals, log));
    expect(await contents(views, 'entries-1')).toEqual(await freshFold(entries, log));
  });

  it('takes in what the live view reflects by the time of the swap', async () => {
    await foldedWrongly();
    const projector = project();
    const { builder, projections } = part([totals]);
    const late = {
      fill: async (onProgress: (done: number) => void, signal: AbortSignal) => {
        await builder.fill(onProgress, signal);
        await projector.waitFor('totals-1', await log.append('a', counted(10)), WAIT_MS);
      },
      finish: (projection: string) => builder.finish(projection),
      close: () => builder.close(),
    };
    await rebuildViews(projector, [{ projections, builder: late }], () => undefined, never);
    expect(await contents(views, 'totals-1')).toEqual({ 'counter-a': { total: 13 } });
  });

  it('leaves the live view alone when it fails, and the projector at work', async () => {
    await foldedWrongly();
    const projector = project();
    const failing = { decode: () => Promise.reject(new Error('the key store is away')) };
    const broken: RebuildPart = {
      projections: ['totals-1'],
      builder: new Rebuild([totals], log.store, failing, views, log.clock),
    };
    await expect(rebuildViews(projector, [broken], () => undefined, never)).rejects.toThrow('key store');
    const last = await log.append('a', counted(10));
    await projector.waitFor('totals-1', last, WAIT_MS);
    expect(await contents(views, 'totals-1')).toEqual({
      'counter-a': { total: 9 },
      'counter-b': { total: -1 },
    });
  });

  it('leaves the live view alone when it is stopped', async () => {
    await foldedWrongly();
    const projector = project();
    const stop = new AbortController();
    const running = rebuildViews(projector, [part()], () => stop.abort(new Error('stopped')), stop.signal);
    await expect(running).rejects.toThrow('stopped');
    expect(await contents(views, 'totals-1')).toEqual({
      'counter-a': { total: -1 },
      'counter-b': { total: -1 },
    });
    expect(await projector.waitFor('totals-1', await log.append('a', counted(1)), WAIT_MS)).toBe(true);
  });

  it('brings back a view whose checkpoint is beyond the end of the log', async () => {
    const last = await log.append('a', counted(1));
    await views.open(totals);
    const lost = { key: 'counter-z', readAt: null, position: `${last}9`, body: { total: 9 } };
    await views.save('totals-1', [lost], `${last}9`);
    const projector = project();
    await projector.waitFor('entries-1', last, WAIT_MS);
    expect(projector.states()[0]!.failure).not.toBeNull();
    await rebuildViews(projector, [part([totals])], () => undefined, never);
    const next = await log.append('a', counted(2));
    await projector.waitFor('totals-1', next, WAIT_MS);
    expect(projector.states()[0]).toMatchObject({ position: next, failure: null });
    expect(await contents(views, 'totals-1')).toEqual({ 'counter-a': { total: 3 } });
  });

  it('parks in the copy what cannot be decoded, and forgets what was parked before', async () => {
    await log.append('a', counted(1));
    await log.appendBroken('b');
    const before = await log.append('c', counted(1));
    const touchy = {
      ...totals,
      fold: () => {
        throw new Error('no');
      },
    };
    const projector = project([touchy as unknown as typeof totals, entries]);
    await projector.waitFor('totals-1', before, WAIT_MS);
    expect(projector.states()[0]!.parkedCount).toBe(3);
    await projector.close();
    const fixed = project();
    await rebuildViews(fixed, [part([totals])], () => undefined, never);
    await fixed.waitFor('totals-1', await log.append('a', counted(1)), WAIT_MS);
    expect(await views.parked('totals-1')).toMatchObject([{ stream: 'counter-b', revision: 0 }]);
    expect(fixed.states()[0]!.parkedCount).toBe(1);
    expect(await contents(views, 'totals-1')).toEqual({
      'counter-a': { total: 2 },
      'counter-c': { total: 1 },
    });
  });
});
