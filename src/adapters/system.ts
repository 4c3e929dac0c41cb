import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { Clock, Ids, type Instant } from '../ports.js';

export class SystemClock extends Clock {
  override now(): Instant {
    return Date.now();
  }
}

export class RandomIds extends Ids {
  override next(): string {
    return v7();
  }
  override secret(bytes: number): Uint8Array {
    return randomBytes(bytes);
  }
}
