import type { ShownLegacyAccount } from '../commands/show-legacy-account.js';
import { entryOf, isShutToPasswords } from '../domain/legacy-account/claim.js';
import type { LegacyAccount } from '../domain/legacy-account/legacy-account.js';
import { passwordLinkEndsAt } from '../domain/legacy-account/password-link.js';
import type { Instant } from '../ports.js';
import type { LegacySyncFailurePage } from '../projections/legacy-sync-failures.js';
import { iso } from './presentation.js';

const isoOrNull = (instant: Instant | null | undefined) => (instant == null ? null : iso(instant));

/** `a•••@legacy.example`: somebody who knows the address recognises it, and nobody learns it. */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '•••' : `${[...email][0]}•••${email.slice(at)}`;
}

/** All that the ACE Service Desk needs to know its caller. The address of the account that it was synced with is not the desk's. */
export function shownLegacyAccount({ legacyAccountId, account, synced }: ShownLegacyAccount, now: Instant) {
  const { entry } = account;
  const profile = entryOf(account)?.profile;
  return {
    legacyAccountId,
    legacyUserId: profile?.legacyUserId ?? null,
    status: entry?.profile.status ?? ('NotKnownHere' as const),
    givenName: profile?.givenName ?? null,
    familyName: profile?.familyName ?? null,
    company: profile?.company ?? null,
    ...shownResets(account, now),
    asOf: isoOrNull(entry?.importedAt),
    synced: synced && { accountId: synced.accountId, at: isoOrNull(synced.at) },
    tradeAccounts: (profile?.tradeAccounts ?? []).map(({ type, number }) => ({ type, number })),
    failedSyncs: failedSyncs(account, now),
  };
}

export function shownResets(account: LegacyAccount, now: Instant) {
  const email = entryOf(account)?.profile.email;
  const { passwordLink: link, resetForwardedAt } = account;
  return {
    maskedEmail: email === undefined ? null : maskedEmail(email),
    openReset:
      link === null || now >= passwordLinkEndsAt(link)
        ? null
        : {
            purpose: link.purpose,
            requestedAt: iso(link.requestedAt),
            sentAt: isoOrNull(link.sentAt),
            expiresAt: isoOrNull(link.expiresAt),
          },
    resetForwardedAt: isoOrNull(resetForwardedAt),
  };
}

export const shownFailures = ({ failures, next }: LegacySyncFailurePage, now: Instant) => ({
  failures: failures.map(({ legacyAccountId, lastFailedAt, account }) => ({
    legacyAccountId,
    legacyUserId: entryOf(account)?.profile.legacyUserId ?? null,
    lastFailedAt: iso(lastFailedAt),
    synced: account.claimedBy !== null,
    ...failedSyncs(account, now),
  })),
  next,
});

function failedSyncs(account: LegacyAccount, now: Instant) {
  const { failuresInARow: inARow, failuresSinceSuccess: sinceLastSuccess, shut } = account.password;
  const isShut = isShutToPasswords(account, now);
  return { inARow, sinceLastSuccess, shut: isShut, shutUntil: isShut ? isoOrNull(shut?.until) : null };
}
