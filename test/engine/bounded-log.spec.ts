import { BoundedLog } from '../../src/engine/bounded-log.js';
import { counted, CounterLog } from '../support/counters.js';

describe('BoundedLog', () => {
  let log: CounterLog;

  beforeEach(async () => {
    log = new CounterLog();
    await log.append('a', ...Array.from({ length: 250 }, (_, by) => counted(by)));
  });
  afterEach(() => log.store.close());

  const revisions = async (bounded: BoundedLog, after: string | null, limit: number) =>
    (await bounded.readLog(after, limit)).map(({ revision }) => revision);

  it('reads the pages that the log has', async () => {
    const bounded = new BoundedLog(log.store);
    for (const limit of [1, 99, 100, 101, 200, 249, 250, 251, 1_000]) {
      expect(await bounded.readLog(null, limit)).toEqual(await log.store.readLog(null, limit));
    }
    const head = await bounded.head();
    expect(await bounded.readLog(head, 10)).toEqual([]);
  });

  it('cuts a page short where events are large, and goes on after it', async () => {
    const bounded = new BoundedLog(log.store, 1);
    const first = await bounded.readLog(null, 1_000);
    expect(first).toHaveLength(100);
    expect(await revisions(bounded, first.at(-1)!.position, 1_000)).toEqual(
      Array.from({ length: 100 }, (_, index) => 100 + index),
    );
  });
});
