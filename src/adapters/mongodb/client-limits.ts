import type { Collection, Filter } from 'mongodb';
import { setTimeout as pause } from 'node:timers/promises';

import { ClientLimits, type Clock, type Instant, StoreUnavailable, TooManyRequests } from '../../ports.js';
import { type Allowances, CROWDED_RETRY_MS, WINDOW_MS } from '../client-limits.js';
import { isName } from '../stored-text.js';
import { isDuplicate, type MongoConnection } from './connection.js';

/** What one client has used of one allowance. */
interface Window {
  readonly _id: string;
  /** With what is running, which may yet be given back. */
  readonly used: number;
  readonly running: number;
  readonly endsAt: Instant;
}

export interface MongoClientLimitsOptions {
  /** How long an attempt waits for others that may leave it nothing. */
  readonly waitMs?: number;
  /** Told when an attempt that succeeded stays counted. */
  readonly report?: (what: string, error: unknown) => void;
}

const WAIT_MS = 3_000;
const ASK_AGAIN_MS = 25;
const COUNT_ATTEMPTS_MAX = 5;
const SWEEP_EVERY_MS = 60_000;
/** The clocks of instances may differ by this. */
const SKEW_MS = 60_000;

/** Counters that all instances share. An attempt counts as it begins and is given back when it succeeds: those of an instance that has
 *  crashed count for the rest of their window. */
export class MongoClientLimits extends ClientLimits {
  private readonly windows: Collection<Window>;
  /** The last of those that wait here, of each client. */
  private readonly queues = new Map<string, Promise<unknown>>();
  private sweepAt: Instant = 0;

  constructor(
    private readonly most: Allowances,
    private readonly clock: Clock,
    private readonly connection: MongoConnection,
    private readonly options: MongoClientLimitsOptions = {},
  ) {
    super();
    this.windows = connection.database.collection('clientLimits');
  }

  override async spend(clientKey: string): Promise<void> {
    const id = `asking ${checked(clientKey)}`;
    const { isCounted, endsAt } = await this.connection.attempt(() => this.count(id, this.most.requests, 0));
    if (!isCounted) throw new TooManyRequests(endsAt - this.clock.now());
  }

  override async attempt<T>(
    clientKey: string,
    work: () => Promise<T>,
    hasFailed: (result: T) => boolean,
  ): Promise<T> {
    const id = `failing ${checked(clientKey)}`;
    const deadline = performance.now() + (this.options.waitMs ?? WAIT_MS);
    // One of a client asks at a time, however many wait here.
    const endsAt = await this.inTurn(id, () => this.admitted(id, deadline));
    let failed = false;
    try {
      const result = await work();
      failed = hasFailed(result);
      return result;
    } finally {
      await this.leave(id, endsAt, failed);
    }
  }

  /** Returns the end of the window in which the attempt counts. */
  private async admitted(id: string, deadline: number): Promise<Instant> {
    while (performance.now() < deadline) {
      const window = await this.connection.attempt(() => this.count(id, this.most.failures, 1));
      if (window.isCounted) return window.endsAt;
      if (window.running === 0) throw new TooManyRequests(window.endsAt - this.clock.now());
      await pause(ASK_AGAIN_MS);
    }
    throw new TooManyRequests(CROWDED_RETRY_MS);
  }

  /** Counts one more, unless the client has used all; returns how its window stands. */
  private async count(
    id: string,
    most: number,
    running: 0 | 1,
  ): Promise<Window & { readonly isCounted: boolean }> {
    for (let attempt = 1; attempt <= COUNT_ATTEMPTS_MAX; attempt += 1) {
      const now = this.clock.now();
      const counted = (await this.more(id, now, most, running)) ?? (await this.anew(id, now, running));
      if (counted) return { ...counted, isCounted: true };
      const standing = await this.windows.findOne({ _id: id });
      // Otherwise it was given back, or ended, in between.
      if (standing && standing.used >= most && standing.endsAt > now)
        return { ...standing, isCounted: false };
    }
    throw new StoreUnavailable('the allowance of a client keeps changing');
  }

  private more(id: string, now: Instant, most: number, running: 0 | 1): Promise<Window | null> {
    return this.windows.findOneAndUpdate(
      { _id: id, used: { $lt: most }, endsAt: { $gt: now } },
      { $inc: { used: 1, running } },
      { returnDocument: 'after' },
    );
  }

  /** Begins a window where there is none, or one that has ended. */
  private async anew(id: string, now: Instant, running: 0 | 1): Promise<Window | null> {
    const ended: Filter<Window> = { _id: id, endsAt: { $lte: now } };
    const window = { used: 1, running, endsAt: now + WINDOW_MS };
    const { matchedCount } = await this.windows.updateOne(ended, { $set: window });
    if (matchedCount === 1) return { _id: id, ...window };
    await this.sweep(now);
    try {
      await this.windows.insertOne({ _id: id, ...window });
      return { _id: id, ...window };
    } catch (error) {
      if (isDuplicate(error)) return null;
      throw error;
    }
  }

  private async leave(id: string, endsAt: Instant, failed: boolean): Promise<void> {
    const $inc = failed ? { running: -1 } : { running: -1, used: -1 };
    try {
      // Of a window that has ended nothing is left to give back.
      await this.connection.attempt(() => this.windows.updateOne({ _id: id, endsAt }, { $inc }));
    } catch (error) {
      // The attempt is over, and its answer stands.
      this.options.report?.('an attempt stays counted against its client', error);
    }
  }

  private async inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.queues.get(id) ?? Promise.resolve()).then(work);
    const ended = turn.then(
      () => undefined,
      () => undefined,
    );
    this.queues.set(id, ended);
    try {
      return await turn;
    } finally {
      if (this.queues.get(id) === ended) this.queues.delete(id);
    }
  }

  private async sweep(now: Instant): Promise<void> {
    if (now < this.sweepAt) return;
    this.sweepAt = now + SWEEP_EVERY_MS;
    await this.windows.createIndex({ endsAt: 1 });
    await this.windows.deleteMany({ endsAt: { $lt: now - SKEW_MS } });
  }
}

function checked(clientKey: string): string {
  if (!isName(clientKey)) throw new TypeError('a client is named by text');
  return clientKey;
}
