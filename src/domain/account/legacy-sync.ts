import { DomainError } from '../domain-error.js';
import type { LegacyProfile } from '../legacy-account/record.js';
import { confirmed } from './confirmed.js';
import { afterDeadlines } from './deadlines.js';
import { shutCauses } from './doors.js';
import type { AccountDecision } from './state.js';

/** Takes over what the legacy account gives. Quiet where this very one was taken over before. Throws `AlreadySynced`, `AccountShut`,
 *  and what an account that ended throws. */
export const syncLegacyAccount = (
  legacyAccountId: string,
  { legacyUserId, company, tradeAccounts }: LegacyProfile,
  asOf: number,
  version?: number,
): AccountDecision =>
  afterDeadlines((account, now) => {
    const open = confirmed(account);
    if (open.legacy?.legacyAccountId === legacyAccountId) return [];
    if (open.legacy !== null) throw alreadySynced();
    if (shutCauses(open, now).length > 0) {
      throw new DomainError('AccountShut', 'Your account is locked at present.');
    }
    const told = { legacyUserId, company, tradeAccounts, asOf, ...(version !== undefined && { version }) };
    return [{ type: 'LegacySynced', data: { legacyAccountId, ...told } }];
  });

export const alreadySynced = () =>
  new DomainError('AlreadySynced', 'Your account is synced with a legacy account already.');

/** Once every trade account of the sync knows the account: from here on they alone say who may do what. */
export const legacyAccessBroughtOver =
  (legacyAccountId: string): AccountDecision =>
  (account) =>
    account.status === 'Registered' &&
    account.legacy?.legacyAccountId === legacyAccountId &&
    !account.legacy.broughtOver
      ? [{ type: 'LegacyAccessBroughtOver', data: { legacyAccountId } }]
      : [];
