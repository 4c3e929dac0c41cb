import { z } from 'zod';
import type { Decider } from '../decider.js';
import { defineEvents, sealed } from '../events.js';

/** What members of staff looked at: `access-<their account id>`. Only ever appended to, and read by auditors. */
export const accessEvents = defineEvents({
  AccountChecked: { accountId: z.string().max(64) },
  ApplicationChecked: { applicationId: z.string().max(64) },
  LegacyAccountChecked: { legacyAccountId: z.string().max(64) },
  /** Which ones, the log itself tells: those that had failed syncs then. */
  LegacySyncFailuresListed: { accounts: z.int().nonnegative() },
  PersonalDataRevealed: { accountId: z.string().max(64), reason: sealed(z.string().max(1000)) },
  HistoryExported: { accountId: z.string().max(64).optional() },
});

export const accessDecider: Decider<typeof accessEvents, null> = {
  category: 'access',
  events: accessEvents,
  initial: null,
  evolve: (nothing) => nothing,
};
