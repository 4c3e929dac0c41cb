import type { Projection } from '../engine/projection.js';
import { accountHistory } from './account-history.js';
import { accountView } from './account-view.js';
import { legacySyncFailures } from './legacy-sync-failures.js';
import { legacyLogouts } from './legacy-logouts.js';
import { legacyRetirementNotices } from './legacy-retirement-notices.js';
import { ownerReplacements } from './owner-replacements.js';
import { tradeAccountAccess } from './trade-account-access.js';

/** Every read model: the projector folds these, and `portcullis projections` lists them. */
export const projections: readonly Projection[] = [
  accountView,
  accountHistory,
  tradeAccountAccess,
  ownerReplacements,
  legacySyncFailures,
  legacyRetirementNotices,
  legacyLogouts,
];
