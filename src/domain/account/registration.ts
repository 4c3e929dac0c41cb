import { DomainError } from '../domain-error.js';
import { afterDeadlines } from './deadlines.js';
import type { AccountEvent, AccountEventOf, PasswordPolicyName, Questions, Role } from './events.js';
import { confirmed, registered } from './confirmed.js';
import type { Account, AccountDecision, Registered } from './state.js';

export const REGISTRATION_LIFETIME_MS = 48 * 3_600_000;
const CONFIRMATION_FAILURES_MAX = 5;
const LINK_AGAIN_AFTER_MS = 5 * 60_000;
const LINKS_MAX = 5;
const ATTEMPT_TOLD_AFTER_MS = 24 * 3_600_000;

export type Registration = Omit<AccountEventOf<'AccountRegistered'>['data'], 'expiresAt'>;

export const register =
  (registration: Registration): AccountDecision =>
  (account, now) => {
    if (account.status === 'Ended') {
      throw new DomainError(
        'RegistrationAbandoned',
        'This registration was given up. Please register again.',
      );
    }
    if (account.status === 'Registered') {
      throw new DomainError('AccountExists', 'This account exists already.');
    }
    return [
      { type: 'AccountRegistered', data: { ...registration, expiresAt: now + REGISTRATION_LIFETIME_MS } },
    ];
  };

/** Somebody else registered this account's address. Its owner is told, at most once a day; an unconfirmed one gets the link again. */
export const noteRegistrationAttempt = (): AccountDecision =>
  afterDeadlines((account, now) => {
    if (account.status !== 'Registered') return [];
    if (account.stage.name === 'Unconfirmed') return linkAgain(account, now);
    const last = account.registrationAttemptedAt;
    if (last !== null && now - last < ATTEMPT_TOLD_AFTER_MS) return [];
    return [{ type: 'RegistrationAttempted', data: {} }];
  });

/** The link of an unconfirmed account once more: no sooner than after five minutes, five times in all. */
export function linkAgain(account: Registered, now: number): AccountEvent[] {
  const { stage } = account;
  if (stage.name !== 'Unconfirmed') return [];
  if (now - stage.linkRequestedAt < LINK_AGAIN_AFTER_MS || stage.linkRequests >= LINKS_MAX) return [];
  return [{ type: 'ConfirmationLinkRequested', data: { linkId: stage.linkId } }];
}

export const linkIsDead = () =>
  new DomainError('LinkDead', 'This link has expired, was used already, or was replaced by a newer one.');

/** The account that a confirmation link still opens. Throws `LinkDead`. */
export function awaitingConfirmation(account: Account, linkId: string): Registered {
  if (
    account.status !== 'Registered' ||
    account.stage.name !== 'Unconfirmed' ||
    account.stage.linkId !== linkId
  ) {
    throw linkIsDead();
  }
  return account;
}

/** `matches`: the password typed is the one chosen at registration, so that nobody registers a victim's address in advance. */
export const confirmEmail = (linkId: string, matches: boolean): AccountDecision =>
  afterDeadlines((account) => {
    const { stage } = awaitingConfirmation(account, linkId);
    if (matches) return [{ type: 'EmailConfirmed', data: {} }];
    const failures = (stage.name === 'Unconfirmed' ? stage.failures : 0) + 1;
    const refused: AccountEvent = { type: 'ConfirmationRefused', data: { failures } };
    if (failures < CONFIRMATION_FAILURES_MAX) return [refused];
    return [refused, { type: 'RegistrationExpired', data: { cause: 'TooManyFailures' } }];
  });

/** Ends a registration that claimed an address and never came: expects a stream without events. */
export const abandonRegistration = (): AccountDecision => (account) => {
  if (account.status === 'Registered') {
    throw new DomainError('AccountExists', 'This account exists already.');
  }
  return account.status === 'Ended' ? [] : [{ type: 'RegistrationAbandoned', data: {} }];
};

export type Invitation = Omit<AccountEventOf<'StaffInvited'>['data'], 'expiresAt'>;

export const inviteStaff =
  (invitation: Invitation): AccountDecision =>
  (account, now) => {
    if (account.status !== 'Unknown') {
      throw new DomainError('AccountExists', 'This account exists already.');
    }
    return [{ type: 'StaffInvited', data: { ...invitation, expiresAt: now + REGISTRATION_LIFETIME_MS } }];
  };

export const acceptInvitation = (
  linkId: string,
  passwordHash: string,
  policy: PasswordPolicyName,
  questions: Questions,
): AccountDecision =>
  afterDeadlines((account) => {
    if (
      account.status !== 'Registered' ||
      account.stage.name !== 'Invited' ||
      account.stage.linkId !== linkId
    ) {
      throw linkIsDead();
    }
    return [{ type: 'InvitationAccepted', data: { passwordHash, policy, questions } }];
  });

export const grantRole =
  (role: Role, reason: string): AccountDecision =>
  (account) =>
    confirmed(account).roles.includes(role) ? [] : [{ type: 'RoleGranted', data: { role, reason } }];

export const revokeRole =
  (role: Role, reason: string): AccountDecision =>
  (account) =>
    registered(account).roles.includes(role) ? [{ type: 'RoleRevoked', data: { role, reason } }] : [];
