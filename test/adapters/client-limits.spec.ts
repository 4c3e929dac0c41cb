import { MemoryClientLimits } from '../../src/adapters/client-limits.js';
import { TooManyRequests } from '../../src/ports.js';
import { clientLimitsContract } from '../contracts/client-limits.js';
import { FixedClock } from '../support/counters.js';

clientLimitsContract('MemoryClientLimits', async (most, clock) => new MemoryClientLimits(most, clock));

describe('MemoryClientLimits', () => {
  const failing = async () => false;
  const hasFailed = (result: boolean) => !result;

  it('runs as many attempts at once as may still fail', async () => {
    const some = new MemoryClientLimits({ failures: 3, requests: 2 }, new FixedClock(0));
    let running = 0;
    const work = () => {
      running += 1;
      return new Promise<boolean>((resume) => setImmediate(() => resume(true)));
    };
    const all = Array.from({ length: 50 }, () => some.attempt('a', work, hasFailed));
    await Promise.resolve();
    expect(running).toBe(3);
    await Promise.all(all);
  });

  it('remembers so many clients and no more, and never forgets one that was seen lately', async () => {
    const some = new MemoryClientLimits({ failures: 1, requests: 2 }, new FixedClock(0), 100);
    await some.attempt('guessing', failing, hasFailed);
    for (let other = 0; other < 1_000; other += 1) {
      await some.attempt(`other-${other}`, failing, hasFailed);
      await expect(some.attempt('guessing', failing, hasFailed)).rejects.toBeInstanceOf(TooManyRequests);
    }
    await expect(some.attempt('other-0', failing, hasFailed)).resolves.toBe(false);
  });
});
