import type { PasswordPolicyName } from '../account/events.js';
import { DomainError } from '../domain-error.js';
import { isEmailAddress } from '../email/address.js';
import { entryOf } from './claim.js';
import type { LegacyAccount, LegacyAccountDecision, LegacyEntry } from './legacy-account.js';
import type { PasswordLinkPurpose } from './password-link-events.js';
import type { PasswordLink } from './password-link-state.js';
import type { LegacyProfile } from './record.js';

const LINK_AGAIN_AFTER_MS = 5 * 60_000;
const LINKS_MAX = 5;
const UNSENT_LINK_KEPT_MS = 24 * 3_600_000;

/** Asks for a mail with the link. One link lives at a time; asking again within minutes changes nothing, later it sends the same
 *  link. Throws `LegacyAccountUnknown`, `LegacyAccountNotActive`, `LegacyEmailMissing`. */
export const requestPasswordLink =
  (linkId: string, purpose: PasswordLinkPurpose, reason?: string): LegacyAccountDecision =>
  (account, now) => {
    refuseUnreachable(account);
    const link = account.passwordLink;
    const why = reason === undefined ? {} : { reason };
    const request = { type: 'LegacyPasswordLinkRequested', data: { linkId, purpose, ...why } } as const;
    if (link === null) return [request];
    if (now >= passwordLinkEndsAt(link)) {
      return [{ type: 'LegacyPasswordLinkExpired', data: { linkId: link.id } }, request];
    }
    if (now - link.requestedAt < LINK_AGAIN_AFTER_MS || link.requests >= LINKS_MAX) return [];
    return [{ ...request, data: { linkId: link.id, purpose: link.purpose, ...why } }];
  };

function refuseUnreachable(account: LegacyAccount): void {
  const { profile } = knownLegacyAccount(account);
  if (profile.status !== 'Active') {
    throw new DomainError(
      'LegacyAccountNotActive',
      'This legacy account is not active and in good standing.',
    );
  }
  if (!isEmailAddress(profile.email)) {
    throw new DomainError(
      'LegacyEmailMissing',
      'The legacy account has no e-mail address that can be mailed to.',
    );
  }
}

/** Throws `LegacyAccountUnknown`. */
export function knownLegacyAccount(
  account: LegacyAccount,
): LegacyEntry & { readonly profile: LegacyProfile } {
  const entry = entryOf(account);
  if (entry === null) throw legacyAccountUnknown();
  return entry;
}

export const legacyAccountUnknown = () =>
  new DomainError('LegacyAccountUnknown', 'There is no such legacy account.');

/** When a link dies. One whose mail never went out dies too, so that asking again makes a new one. */
export const passwordLinkEndsAt = (link: PasswordLink): number =>
  link.expiresAt ?? link.requestedAt + UNSENT_LINK_KEPT_MS;

/** Starts the link's life: it dies `lifetimeMs` after it was first sent. */
export const passwordLinkSent =
  (linkId: string, messageId: string, forRevision: number, lifetimeMs: number): LegacyAccountDecision =>
  ({ noticedUpTo, passwordLink: link }, now) => {
    if (noticedUpTo >= forRevision) return [];
    const expiresAt = (link?.id === linkId ? link.expiresAt : null) ?? now + lifetimeMs;
    return [{ type: 'LegacyPasswordLinkSent', data: { linkId, expiresAt, messageId, forRevision } }];
  };

/** Records that everything up to this revision which calls for a mail has had it; `messageId` is null where the mail server refused
 *  it for good. */
export const legacyNoticeSent =
  (forEvent: string, forRevision: number, messageId: string | null): LegacyAccountDecision =>
  ({ noticedUpTo }) => {
    if (noticedUpTo >= forRevision) return [];
    const about = { forEvent, forRevision };
    return messageId === null
      ? [{ type: 'LegacyNoticeRefused', data: about }]
      : [{ type: 'LegacyNoticeSent', data: { ...about, messageId } }];
  };

/** The user whose password the link sets now. Throws `LegacyLinkDead`. */
export function awaitingLegacyPassword(account: LegacyAccount, linkId: string, now: number): LegacyProfile {
  const entry = entryOf(account);
  const link = account.passwordLink;
  if (entry === null || link?.id !== linkId || now >= passwordLinkEndsAt(link)) throw legacyLinkIsDead();
  return entry.profile;
}

export const legacyLinkIsDead = () =>
  new DomainError(
    'LegacyLinkDead',
    'This link has expired, was used already, or was replaced by a newer one.',
  );

/** Works once. Guesses at the old password count for nothing any more. Throws `LegacyLinkDead`. */
export const resetLegacyPassword =
  (linkId: string, passwordHash: string, policy: PasswordPolicyName): LegacyAccountDecision =>
  (account, now) => {
    awaitingLegacyPassword(account, linkId, now);
    return [{ type: 'LegacyPasswordReset', data: { linkId, passwordHash, policy } }];
  };
