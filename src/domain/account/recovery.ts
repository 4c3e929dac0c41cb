import { DomainError } from '../domain-error.js';
import { afterDeadlines } from './deadlines.js';
import { resetLinkEndsAt, shutCauses } from './doors.js';
import type { AccountEvent, PasswordPolicyName, ShutCause } from './events.js';
import { linkAgain, linkIsDead } from './registration.js';
import { revokedLink, withdrawnEmailChange } from './withdrawn.js';
import type { Account, AccountDecision, Registered } from './state.js';

const LINK_AGAIN_AFTER_MS = 5 * 60_000;
const LINKS_MAX = 5;
const DECLINED_AGAIN_AFTER_MS = 3_600_000;
const REFUSALS_A_LINK_MAX = 3;
const REFUSALS_MAX = 10;

/** Asks for a reset link. One link lives at a time; asking again within minutes changes nothing, later it sends the same link. */
export const requestReset = (resetId: string): AccountDecision =>
  afterDeadlines((account, now) => {
    if (account.status !== 'Registered' || account.stage.name === 'Invited') return [];
    if (account.stage.name === 'Unconfirmed') return linkAgain(account, now);
    const causes = causesAgainstReset(account, now);
    if (causes.length > 0) return declined(account, causes, now);
    const { link } = account.recovery;
    if (link === null) return [{ type: 'ResetRequested', data: { resetId } }];
    if (now - link.requestedAt < LINK_AGAIN_AFTER_MS || link.requests >= LINKS_MAX) return [];
    return [{ type: 'ResetRequested', data: { resetId: link.id } }];
  });

export function causesAgainstReset(account: Registered, now: number): ShutCause[] {
  const causes = shutCauses(account, now);
  return account.recovery.blockedSince === null ? causes : [...causes, 'RecoveryBlocked'];
}

function declined(account: Registered, causes: ShutCause[], now: number): AccountEvent[] {
  const last = account.recovery.declinedAt;
  if (last !== null && now - last < DECLINED_AGAIN_AFTER_MS) return [];
  return [{ type: 'ResetRequestDeclined', data: { causes } }];
}

/** Starts the link's life: it dies `lifetimeMs` after it was first sent. */
export const resetLinkSent =
  (resetId: string, messageId: string, forRevision: number, lifetimeMs: number): AccountDecision =>
  (account, now) => {
    if (account.status !== 'Registered' || account.noticedUpTo >= forRevision) return [];
    const { link } = account.recovery;
    const expiresAt = (link?.id === resetId ? link.expiresAt : null) ?? now + lifetimeMs;
    return [{ type: 'ResetLinkSent', data: { resetId, expiresAt, messageId, forRevision } }];
  };

/** The account that a reset link opens now. A lock or suspension shuts it for as long as it lasts. Throws `LinkDead`,
 *  `LinkShut`. */
export function awaitingReset(account: Account, resetId: string, now: number): Registered {
  if (account.status !== 'Registered') throw linkIsDead();
  const { link } = account.recovery;
  if (link?.id !== resetId || now >= resetLinkEndsAt(link)) throw linkIsDead();
  if (causesAgainstReset(account, now).length > 0) throw linkIsShut();
  return account;
}

export const linkIsShut = () =>
  new DomainError(
    'LinkShut',
    'This account is locked or suspended. The link cannot be used until that ends.',
  );

/** `answersMatch` is one verdict on all three: which of them was wrong is told to nobody. */
export const resetPassword = (
  resetId: string,
  answersMatch: boolean,
  passwordHash: string,
  policy: PasswordPolicyName,
): AccountDecision =>
  afterDeadlines((account, now) => {
    const known = awaitingReset(account, resetId, now);
    const { recovery } = known;
    if (answersMatch) {
      // A change of address asked for by whoever had the old password must not outlive it.
      return [
        ...withdrawnEmailChange(known),
        { type: 'PasswordReset', data: { resetId, passwordHash, policy } },
      ];
    }
    return answersRefused(resetId, recovery.refusals + 1, (recovery.link?.refusals ?? 0) + 1);
  });

function answersRefused(resetId: string, refusals: number, ofThisLink: number): AccountEvent[] {
  const refused: AccountEvent = { type: 'ResetAnswersRefused', data: { resetId, refusals } };
  if (refusals >= REFUSALS_MAX) {
    return [
      refused,
      { type: 'ResetLinkRevoked', data: { resetId, cause: 'RecoveryBlocked' } },
      { type: 'RecoveryBlocked', data: { cause: 'AnswersRefused', refusals } },
    ];
  }
  if (ofThisLink < REFUSALS_A_LINK_MAX) return [refused];
  return [refused, { type: 'ResetLinkRevoked', data: { resetId, cause: 'AnswersRefused' } }];
}

/** "This wasn't me": whoever reset the password has the mailbox and the answers, so that only an officer opens recovery again. */
export const repudiateReset = (resetId: string): AccountDecision =>
  afterDeadlines((account) => {
    if (account.status !== 'Registered' || account.recovery.lastResetId !== resetId) throw linkIsDead();
    const { recovery } = account;
    return [
      ...revokedLink(account, 'Repudiated'),
      ...withdrawnEmailChange(account),
      { type: 'PasswordResetRepudiated', data: { resetId } },
      { type: 'RecoveryBlocked', data: { cause: 'Repudiated', refusals: recovery.refusals } },
    ];
  });
