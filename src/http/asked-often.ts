import { Injectable } from '@nestjs/common';
import type { CommandContext } from '../engine/streams.js';
import { ClientLimits } from '../ports.js';

/** Bounds what costs mail and hashes for strangers: registrations and reset requests of one client. */
@Injectable()
export class AskedOften {
  constructor(private readonly limits: ClientLimits) {}

  /** Throws `TooManyRequests`. */
  count({ clientKey = 'unknown' }: CommandContext): Promise<void> {
    return this.limits.spend(clientKey);
  }
}
