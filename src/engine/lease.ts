import type { LeaseMark, Leases } from '../ports.js';
import type { Report } from './follower.js';
import { pause } from './waiting.js';

export interface LeaseOptions {
  /** A beat that stands for so long is that of a holder who is gone. */
  readonly lastsMs?: number;
  /** How often the holder renews it, and others look. */
  readonly beatMs?: number;
  readonly uptimeMs?: () => number;
  readonly report?: Report;
}

/** A time in which this instance has the lease. */
export interface Term {
  /** Aborts when the lease may pass to somebody else, or when the work is to end anyway. */
  readonly signal: AbortSignal;
  /** Whether the lease is still ours: also right after this process was stopped and woken, when the signal does not know yet. */
  isHeld(): boolean;
}

export type LeaseWork = (term: Term) => Promise<void>;

/** What decides when this instance works. */
export type Lead = Pick<Lease, 'lead'>;

/** For who has nobody to share work with: one term, as long as there is work. */
export const soleLead: Lead = {
  lead: (work, signal) => work({ signal, isHeld: () => true }),
};

/** Work that one instance at a time should do, as far as this instance is concerned. Nobody's clock is compared with anybody else's:
 *  the holder counts from before he asked, all others from when they saw his beat, and for longer. */
export class Lease {
  private endsAt = Number.NEGATIVE_INFINITY;
  private isTroubled = false;
  private readonly lastsMs: number;
  private readonly beatMs: number;
  private readonly uptimeMs: () => number;

  constructor(
    private readonly leases: Leases,
    private readonly name: string,
    private readonly holder: string,
    private readonly options: LeaseOptions = {},
  ) {
    this.lastsMs = options.lastsMs ?? 5_000;
    this.beatMs = options.beatMs ?? 1_000;
    this.uptimeMs = options.uptimeMs ?? (() => performance.now());
  }

  isHeld(): boolean {
    return this.uptimeMs() < this.endsAt;
  }

  /** Does the work each time that this instance gets the lease, until `signal` aborts and the last work has ended. Work is to go on
   *  until its term's signal aborts; work that fails is reported, and begun again in another term. */
  async lead(work: LeaseWork, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (await this.gained(signal)) await this.serve(work, signal);
    }
  }

  /** Waits for the lease; false when there is nothing more to wait for. */
  private async gained(signal: AbortSignal): Promise<boolean> {
    let beat: string | null = null;
    let seenAt = Number.POSITIVE_INFINITY;
    while (!signal.aborted) {
      const askedAt = this.uptimeMs();
      const mark = await this.take(askedAt - seenAt >= this.lastsMs ? beat : null);
      if (this.renewed(mark, askedAt)) return true;
      if (mark && mark.beat !== beat) [beat, seenAt] = [mark.beat, this.uptimeMs()];
      await pause(this.beatMs, signal);
    }
    return false;
  }

  private async serve(work: LeaseWork, signal: AbortSignal): Promise<void> {
    const ending = new AbortController();
    const either = AbortSignal.any([ending.signal, signal]);
    const renewing = this.renew(either).finally(() => ending.abort());
    try {
      await work({ signal: either, isHeld: () => this.isHeld() });
    } catch (error) {
      this.options.report?.(`work under the lease ${this.name}`, error);
    }
    ending.abort();
    await renewing;
    this.endsAt = Number.NEGATIVE_INFINITY;
    await this.release();
    await pause(this.beatMs, signal);
  }

  /** Until the term is over. */
  private async renew(signal: AbortSignal): Promise<void> {
    let asking = false;
    while (!signal.aborted && this.isHeld()) {
      await pause(Math.min(this.beatMs, this.endsAt - this.uptimeMs()), signal);
      // One that the store does not answer must not hold up the end of the term.
      if (asking || signal.aborted) continue;
      asking = true;
      const askedAt = this.uptimeMs();
      void this.take(null).then((mark) => {
        asking = false;
        if (mark && !signal.aborted && !this.renewed(mark, askedAt)) this.endsAt = askedAt;
      });
    }
  }

  private renewed(mark: LeaseMark | null, askedAt: number): boolean {
    if (mark?.holder !== this.holder) return false;
    this.endsAt = askedAt + this.lastsMs - this.beatMs;
    return this.isHeld();
  }

  private async take(staleBeat: string | null): Promise<LeaseMark | null> {
    try {
      const mark = await this.leases.take(this.name, this.holder, staleBeat);
      this.isTroubled = false;
      return mark;
    } catch (error) {
      // Once for each time that the store is away.
      if (!this.isTroubled) this.options.report?.(`the lease ${this.name}`, error);
      this.isTroubled = true;
      return null;
    }
  }

  /** Others need not wait for it to run out. */
  private async release(): Promise<void> {
    try {
      await this.leases.release(this.name, this.holder);
    } catch (error) {
      this.options.report?.(`giving back the lease ${this.name}`, error);
    }
  }
}
