import { RateLimiterMemory } from 'rate-limiter-flexible';
import { ClientLimits, TooManyRequests, type LimitedKind } from '../ports.js';

const WINDOW_SECONDS = 15 * 60;

/** Counters of one instance, in memory: keyed hashes that expire with their window. */
export class MemoryClientLimits extends ClientLimits {
  private readonly limiters: Record<LimitedKind, RateLimiterMemory>;

  constructor(most: Record<LimitedKind, number>) {
    super();
    const limiter = (keyPrefix: LimitedKind) =>
      new RateLimiterMemory({ keyPrefix, points: most[keyPrefix], duration: WINDOW_SECONDS });
    this.limiters = { failures: limiter('failures'), requests: limiter('requests') };
  }

  override async check(kind: LimitedKind, clientKey: string): Promise<void> {
    const used = await this.limiters[kind].get(clientKey);
    if (used !== null && used.remainingPoints <= 0) throw new TooManyRequests(used.msBeforeNext);
  }

  override async count(kind: LimitedKind, clientKey: string): Promise<void> {
    await this.limiters[kind].penalty(clientKey);
  }
}
