import {
  LEGACY_PORTAL_ID,
  legacyPortalDecider,
  type LegacyPortal,
} from '../domain/legacy-portal/legacy-portal.js';
import type { Current, Streams } from '../engine/streams.js';

/** How the legacy portal stands, asked of the log: on every instance what is older than half a second is known. */
export class LegacyPortalState {
  constructor(private readonly streams: Pick<Streams, 'recent'>) {}

  async isRetired(): Promise<boolean> {
    return (await this.now()).retiredAt !== null;
  }

  async now(): Promise<LegacyPortal> {
    return (await this.current()).state;
  }

  current(): Promise<Current<LegacyPortal>> {
    return this.streams.recent(legacyPortalDecider, LEGACY_PORTAL_ID);
  }
}
