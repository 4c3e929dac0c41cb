import { z } from 'zod';
import { defineEvents, type NewEvent } from '../events.js';

/** Numbers what people with a legacy account are told, from 1: a later one is known by its greater number. */
const notice = z.int().min(1);

export const legacyPortalEvents = defineEvents({
  /** `retiresAt` is the earliest instant: an operator retires the portal, and no clock. */
  LegacyPortalRetirementAnnounced: { notice, retiresAt: z.int().nonnegative() },
  /** Everybody who was synced when it was announced has had the mail. */
  LegacyPortalRetirementMadeKnown: { notice },
  LegacyPortalRetirementCalledOff: { notice },
  LegacyPortalRetired: {},
});

export type LegacyPortalEvent = NewEvent<typeof legacyPortalEvents>;
