import { accessDecider } from './domain/access/access.js';
import { accountDecider } from './domain/account/account.js';
import { emailDecider } from './domain/email/email.js';
import { legacyAccountDecider } from './domain/legacy-account/legacy-account.js';
import { legacyPortalDecider } from './domain/legacy-portal/legacy-portal.js';
import { ownerReplacementDecider } from './domain/owner-replacement/owner-replacement.js';
import { replacementPlacesDecider } from './domain/replacement-places/replacement-places.js';
import { logMarkDecider } from './domain/service/log-mark.js';
import { tradeAccountDecider } from './domain/trade-account/trade-account.js';
import type { EventSource } from './engine/codec.js';

/** Every kind of stream of the log: what the codec can read and write. */
export const eventSources: readonly EventSource[] = [
  accountDecider,
  emailDecider,
  accessDecider,
  legacyAccountDecider,
  legacyPortalDecider,
  logMarkDecider,
  ownerReplacementDecider,
  replacementPlacesDecider,
  tradeAccountDecider,
];
