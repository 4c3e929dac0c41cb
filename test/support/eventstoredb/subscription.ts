import type streams from '@eventstore/db-client/generated/streams_pb.js';

import { firstAfter, type From, type LogPosition, positionBefore, positionOf } from './all-stream.js';
import type { Log } from './log.js';
import type { Logged } from './logged.js';
import { caughtUp, checkpoint, confirmation, readEvent } from './wire.js';

const PAGE = 32;

export interface Filter {
  readonly matches: (event: Logged) => boolean;
  /** Events considered at a time while catching up. */
  readonly window: number;
  /** Events considered between checkpoints. */
  readonly interval: number;
}

export type Send = (response: streams.ReadResp) => Promise<void>;

/** Follows $all: in pages while there is more, then live; with a filter, it tells from time to time how far it has come. */
export class AllSubscription {
  private readonly filter: Filter | null;
  private next: number;
  private pageStart: LogPosition;
  private considered = 0;

  constructor(
    private readonly log: Log,
    from: From,
    filter: Filter | null,
    private readonly send: Send,
  ) {
    this.filter = filter;
    this.next = firstAfter(log, from);
    this.pageStart = from === 'start' ? { commit: 0n, prepare: 0n } : positionBefore(log, this.next);
  }

  /** Ends when the signal says so. */
  async run(tellsCaughtUp: boolean, signal: AbortSignal): Promise<void> {
    await this.send(confirmation());
    while (!signal.aborted && (await this.page()));
    if (tellsCaughtUp) await this.send(caughtUp());
    while (!signal.aborted) {
      if (this.next === this.log.events.length) await this.growth(signal);
      else await this.live(this.log.events[this.next++]!);
    }
  }

  /** False when there is no more. */
  private async page(): Promise<boolean> {
    const window = this.filter?.window ?? PAGE;
    let last: Logged | null = null;
    let considered = 0;
    for (let matched = 0; matched < PAGE && considered < window; considered++) {
      const event = this.log.events[this.next];
      if (!event) {
        this.considered += considered;
        return false;
      }
      this.next++;
      if (!this.isWanted(event)) continue;
      matched++;
      last = event;
      await this.send(readEvent(event, true));
    }
    this.considered += considered;
    if (this.filter && this.considered >= this.filter.interval) {
      this.considered %= this.filter.interval;
      await this.send(checkpoint(last ? positionOf(last) : this.pageStart));
    }
    this.pageStart = positionBefore(this.log, this.next);
    return true;
  }

  private async live(event: Logged): Promise<void> {
    if (this.isWanted(event)) await this.send(readEvent(event, true));
    this.considered++;
    if (this.filter && this.considered >= this.filter.interval) {
      this.considered = 0;
      await this.send(checkpoint(positionOf(event)));
    }
  }

  private isWanted(event: Logged): boolean {
    return this.filter?.matches(event) ?? true;
  }

  private async growth(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = () => {
        off();
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const off = this.log.onGrowth(wake);
      signal.addEventListener('abort', wake);
    });
  }
}
