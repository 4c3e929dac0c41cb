import type { Decider, Decision } from '../decider.js';
import { legacyPortalEvents } from './events.js';

export interface Retirement {
  readonly notice: number;
  /** Not before this. */
  readonly retiresAt: number;
  /** When everybody had been told; null: they are still being told. */
  readonly madeKnownAt: number | null;
}

/** The legacy portal, as far as its end is decided here. */
export interface LegacyPortal {
  /** The last notice: of a retirement, or of one that was called off. 0: there was none. */
  readonly notice: number;
  /** null: none is announced, or it was called off. */
  readonly retirement: Retirement | null;
  readonly retiredAt: number | null;
}

/** There is one: the stream is `legacyPortal-portal`. */
export const LEGACY_PORTAL_ID = 'portal';

export const legacyPortalDecider: Decider<typeof legacyPortalEvents, LegacyPortal> = {
  category: 'legacyPortal',
  events: legacyPortalEvents,
  initial: { notice: 0, retirement: null, retiredAt: null },
  evolve(portal, event, at) {
    switch (event.type) {
      case 'LegacyPortalRetirementAnnounced':
        return { ...portal, notice: event.data.notice, retirement: { ...event.data, madeKnownAt: null } };
      case 'LegacyPortalRetirementMadeKnown':
        if (portal.retirement?.notice !== event.data.notice) return portal;
        return { ...portal, retirement: { ...portal.retirement, madeKnownAt: at } };
      case 'LegacyPortalRetirementCalledOff':
        return { ...portal, notice: event.data.notice, retirement: null };
      case 'LegacyPortalRetired':
        return { ...portal, retiredAt: at };
      default:
        event satisfies never;
        return portal;
    }
  },
};

export type LegacyPortalDecision = Decision<typeof legacyPortalEvents, LegacyPortal>;
