import type { Allowances } from '../../src/adapters/client-limits.js';
import { type ClientLimits, type Clock, TooManyRequests } from '../../src/ports.js';
import { FixedClock } from '../support/counters.js';

const MINUTE = 60_000;
const failing = async () => false;
const succeeding = async () => true;
const hasFailed = (result: boolean) => !result;

/** What all ClientLimits keep to. `open` gives counters of nobody yet. */
export function clientLimitsContract(
  name: string,
  open: (most: Allowances, clock: Clock) => Promise<ClientLimits>,
): void {
  describe(`${name} as ClientLimits`, () => {
    let clock: FixedClock;
    beforeEach(() => (clock = new FixedClock(0)));
    const limits = (failures: number) => open({ failures, requests: 2 }, clock);

    it('counts failures, and refuses a client that has used its allowance for the rest of the window', async () => {
      const some = await limits(2);
      for (const work of [failing, succeeding, succeeding, failing]) await some.attempt('a', work, hasFailed);
      clock.at += 5 * MINUTE;
      await expect(some.attempt('a', succeeding, hasFailed)).rejects.toMatchObject({
        retryAfterMs: 10 * MINUTE,
      });
      await expect(some.attempt('b', succeeding, hasFailed)).resolves.toBe(true);
      clock.at += 10 * MINUTE;
      await expect(some.attempt('a', succeeding, hasFailed)).resolves.toBe(true);
    });

    it('lets no more attempts run at once than may still fail', async () => {
      const some = await limits(3);
      let running = 0;
      let most = 0;
      let tried = 0;
      const work = async () => {
        most = Math.max(most, (running += 1));
        tried += 1;
        await new Promise((resume) => setImmediate(resume));
        running -= 1;
        return false;
      };
      const outcomes = await Promise.allSettled(
        Array.from({ length: 50 }, () => some.attempt('a', work, hasFailed)),
      );
      expect(tried).toBe(3);
      expect(most).toBeLessThanOrEqual(3);
      const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
      expect(refused).toHaveLength(47);
      for (const { reason } of refused) expect(reason).toBeInstanceOf(TooManyRequests);
    });

    it('lets all wait that succeed in the end', async () => {
      const some = await limits(3);
      const work = () => new Promise<boolean>((resume) => setImmediate(() => resume(true)));
      const all = Array.from({ length: 50 }, () => some.attempt('a', work, hasFailed));
      expect(await Promise.all(all)).toEqual(all.map(() => true));
    });

    it('counts nothing where an attempt threw, and gives its place to the next', async () => {
      const some = await limits(1);
      const thrown = some.attempt('a', () => Promise.reject(new Error('no store')), hasFailed);
      const next = some.attempt('a', succeeding, hasFailed);
      await expect(thrown).rejects.toThrow('no store');
      await expect(next).resolves.toBe(true);
    });

    it('refuses who spends more than its allowance', async () => {
      const some = await limits(1);
      await some.spend('a');
      await some.spend('a');
      await expect(some.spend('a')).rejects.toBeInstanceOf(TooManyRequests);
      await some.spend('b');
      clock.at += 15 * MINUTE;
      await some.spend('a');
    });
  });
}
