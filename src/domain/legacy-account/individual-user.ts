import { DomainError } from '../domain-error.js';
import type { LegacyAccountEvent } from './events.js';
import type { LegacyAccountDecision } from './legacy-account.js';
import { requestPasswordLink } from './password-link.js';

export type NewIndividualUser = Extract<LegacyAccountEvent, { type: 'IndividualUserCreated' }>['data'];

/** Makes a legacy account for somebody who shared a login so far. It has no password: its person sets one by mailed link. Quiet where
 *  this one was made before. Throws `LegacyUserIdTaken` where anybody has the user id, or tried passwords at it. */
export const createIndividualUser =
  (user: NewIndividualUser): LegacyAccountDecision =>
  ({ individual, entry, claimedBy, password }) => {
    if (individual?.userId === user.userId) return [];
    if (entry !== null || claimedBy !== null || password.version > 0 || password.failuresSinceSuccess > 0) {
      throw new DomainError('LegacyUserIdTaken', 'This legacy user id is taken.');
    }
    return [{ type: 'IndividualUserCreated', data: user }];
  };

/** From here on nobody can sync it, and no link sets its password. */
export const revokeIndividualUser = (): LegacyAccountDecision => (account) =>
  account.individual === null || account.individual.revoked
    ? []
    : [{ type: 'IndividualUserRevoked', data: {} }];

/** Mails the person the link that sets the first password; once. Throws what `requestPasswordLink` throws. */
export const setUpIndividualUser =
  (linkId: string): LegacyAccountDecision =>
  (account, now) =>
    account.individual === null || account.individual.revoked || account.individual.linkRequested
      ? []
      : requestPasswordLink(linkId, 'SetUp')(account, now);
