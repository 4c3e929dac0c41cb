import { FAILURES_TOTAL_MAX, LOCK_MS_MAX, type LockoutRules } from '../account/sign-in.js';
import { DomainError } from '../domain-error.js';
import type { ReleaseCause } from './events.js';
import type { LegacyAccount, LegacyAccountDecision, LegacyEntry } from './legacy-account.js';
import type { LegacyPassword } from './password-state.js';
import type { LegacyProfile } from './record.js';

/** Whether no password is compared: after too many wrong ones, for a while. */
export const isShutToPasswords = ({ password: { shut } }: LegacyAccount, now: number): boolean =>
  shut !== null && (shut.until === null || now < shut.until);

/** The account as the legacy portal told it; null where it never did, and where the person was erased. */
export const entryOf = ({ entry }: LegacyAccount): (LegacyEntry & { profile: LegacyProfile }) | null =>
  entry !== null && entry.profile.legacyUserId !== undefined
    ? (entry as LegacyEntry & { profile: LegacyProfile })
    : null;

/** The password was changed while it was compared: compare again. */
export class LegacyPasswordMovedOn extends Error {
  override readonly name = 'LegacyPasswordMovedOn';
}

/** A wrong legacy password, limited as those of sign-ins are. At a shut door it counts for nothing and prolongs nothing. */
export const refuseLegacyCredential =
  (passwordVersion: number, rules: LockoutRules): LegacyAccountDecision =>
  (account, now) => {
    if (isShutToPasswords(account, now)) return [];
    const { password } = account;
    if (password.version !== passwordVersion) throw new LegacyPasswordMovedOn();
    const failures = password.failuresInARow + 1;
    const shut = shutAfter(password, failures, rules, now);
    return [{ type: 'LegacyCredentialRefused', data: { failures, ...(shut && { shut }) } }];
  };

function shutAfter(
  { failuresSinceSuccess, shutsSinceSuccess }: LegacyPassword,
  failures: number,
  { failuresMax, lockMs }: LockoutRules,
  now: number,
): { until?: number } | null {
  if (failuresSinceSuccess + 1 >= FAILURES_TOTAL_MAX) return {};
  if (failures < failuresMax) return null;
  return lockMs === 0 ? {} : { until: now + Math.min(lockMs * 2 ** shutsSinceSuccess, LOCK_MS_MAX) };
}

/** The right password, for the first and only time. The claim may be this account's already: left by a crash, and good. Throws
 *  `LegacyPasswordMovedOn`, `LegacyAccountUsed`, `LegacyAccountNotInGoodStanding`, and `LegacySyncRefused` at a shut door. */
export const claimLegacyAccount =
  (accountId: string, passwordVersion: number): LegacyAccountDecision =>
  (account, now) => {
    const entry = entryOf(account);
    if (entry === null || isShutToPasswords(account, now)) throw legacySyncRefused();
    const { claimedBy, password } = account;
    if (password.version !== passwordVersion) throw new LegacyPasswordMovedOn();
    if (claimedBy === accountId) return [];
    if (claimedBy !== null) {
      throw new DomainError('LegacyAccountUsed', 'This legacy account has been used for syncing before.');
    }
    refuseUnlessInGoodStanding(entry.profile);
    return [{ type: 'LegacyAccountClaimed', data: { accountId } }];
  };

/** Asked when it is claimed, and when a claim that waited comes to its sync. */
export function refuseUnlessInGoodStanding({ status }: Pick<LegacyProfile, 'status'>): void {
  if (status === 'Active') return;
  throw new DomainError(
    'LegacyAccountNotInGoodStanding',
    'Your legacy ACE Portal account must be active and in good standing.',
  );
}

/** One refusal for all that a stranger to the legacy account may not learn. */
export const legacySyncRefused = () =>
  new DomainError('LegacySyncRefused', 'The legacy user id and password do not match.');

/** Only for causes that last for ever: an account that might still be synced with it would make a second one. */
export const releaseLegacyClaim =
  (accountId: string, cause: ReleaseCause): LegacyAccountDecision =>
  (account) =>
    account.claimedBy === accountId ? [{ type: 'LegacyClaimReleased', data: { accountId, cause } }] : [];
