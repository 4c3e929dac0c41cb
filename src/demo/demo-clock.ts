import { Clock, type Instant } from '../ports.js';

/** The clock of a demo: set back while its past is being made up, then right. */
export class DemoClock extends Clock {
  private behindMs = 0;

  override now(): Instant {
    return Date.now() - this.behindMs;
  }

  setBack(ms: number): void {
    this.behindMs = ms;
  }
}
