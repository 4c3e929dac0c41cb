import { randomBytes, randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';
import { Clock, Ids, type Instant } from '../ports.js';

export class SystemClock extends Clock {
  override now(): Instant {
    return Date.now();
  }
}

const ID_BYTES = 16;
const SEQUENCE_MAX = 2 ** 31 - 1;

/** In order of time, also within a millisecond. */
export class RandomIds extends Ids {
  /** Fetched for many ids at a time, since asking the system costs more than all else here. */
  private readonly random = new Uint8Array(ID_BYTES * 256);
  private used = this.random.length;
  private msecs = 0;
  private seq = 0;

  override next(): string {
    if (this.used === this.random.length) {
      randomFillSync(this.random);
      this.used = 0;
    }
    const random = this.random.subarray(this.used, (this.used += ID_BYTES));
    const now = Date.now();
    if (now > this.msecs || this.seq === SEQUENCE_MAX) {
      this.msecs = Math.max(now, this.msecs + 1);
      // The first bytes are the clock's in the id: nothing random is used twice.
      this.seq = ((random[0]! & 0x3f) << 24) | (random[1]! << 16) | (random[2]! << 8) | random[3]!;
    } else {
      this.seq += 1;
    }
    return v7({ random, msecs: this.msecs, seq: this.seq });
  }
  override secret(bytes: number): Uint8Array {
    return randomBytes(bytes);
  }
}
