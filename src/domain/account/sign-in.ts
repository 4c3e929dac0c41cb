import { DomainError } from '../domain-error.js';
import { afterDeadlines } from './deadlines.js';
import { opensToPassword, shutCauses } from './doors.js';
import type { AccountEvent, AccountEventOf, Client } from './events.js';
import type { Account, AccountDecision, Registered, Session } from './state.js';

export interface LockoutRules {
  /** Wrong passwords in a row that lock the account. */
  readonly failuresMax: number;
  /** How long the first lock lasts; it doubles with each, up to a day. 0: until an officer unlocks. */
  readonly lockMs: number;
}

export const LOCK_MS_MAX = 24 * 3_600_000;
/** Wrong passwords since the last success that disable the password (NIST SP 800-63B-4 §3.2.2). */
export const FAILURES_TOTAL_MAX = 100;
export const SESSIONS_MAX = 10;

export interface SignInAttempt {
  /** Which of the account's passwords was compared, and how it came out. */
  readonly passwordVersion: number;
  readonly matches: boolean;
  readonly session: AccountEventOf<'LoginSucceeded'>['data']['session'];
  readonly client: Client;
}

/** The password was changed while it was compared: compare again. */
export class PasswordMovedOn extends Error {
  override readonly name = 'PasswordMovedOn';
}

/** Records the attempt. An attempt at a shut door records nothing and prolongs nothing, whatever the password. */
export const signIn = (attempt: SignInAttempt, rules: LockoutRules): AccountDecision =>
  afterDeadlines((account, now) => {
    if (!opensToPassword(account, now)) return [];
    if (account.password?.version !== attempt.passwordVersion) throw new PasswordMovedOn();
    if (!attempt.matches) return wrongPassword(account, attempt.client, rules, now);
    const { session, client } = attempt;
    return [
      ...endedToMakeRoom(account, now),
      { type: 'LoginSucceeded', data: { session, methods: ['password'], aal: 1, client } },
    ];
  });

/** The password again, for something that matters. A wrong one counts as a failed sign-in. */
export const confirmPassword = (
  sessionId: string,
  passwordVersion: number,
  matches: boolean,
  client: Client,
  rules: LockoutRules,
): AccountDecision =>
  afterDeadlines((account, now) => {
    if (!opensToPassword(account, now) || !sessionAt(account, sessionId, now)) {
      throw new DomainError('SessionEnded', 'This session has ended. Please sign in again.');
    }
    if (account.password?.version !== passwordVersion) throw new PasswordMovedOn();
    if (!matches) return wrongPassword(account, client, rules, now);
    return [{ type: 'PasswordConfirmed', data: { session: sessionId } }];
  });

/** A stronger hash of the same password, once it was seen to match. */
export const rehashPassword =
  (passwordVersion: number, passwordHash: string): AccountDecision =>
  (account, now) => {
    if (!opensToPassword(account, now) || account.password?.version !== passwordVersion) return [];
    return [{ type: 'PasswordRehashed', data: { passwordHash } }];
  };

function wrongPassword(
  account: Registered,
  client: Client,
  rules: LockoutRules,
  now: number,
): AccountEvent[] {
  const failures = account.failures.inARow + 1;
  const failed: AccountEvent = { type: 'LoginFailed', data: { failures, client } };
  if (account.failures.sinceSuccess + 1 >= FAILURES_TOTAL_MAX) {
    return [failed, { type: 'AccountLocked', data: { cause: 'PasswordDisabled', failures } }];
  }
  if (failures < rules.failuresMax) return [failed];
  const cause = 'TooManyFailures';
  if (rules.lockMs === 0) return [failed, { type: 'AccountLocked', data: { cause, failures } }];
  const lockMs = Math.min(rules.lockMs * 2 ** account.failures.locksSinceSuccess, LOCK_MS_MAX);
  return [failed, { type: 'AccountLocked', data: { cause, failures, until: now + lockMs } }];
}

function endedToMakeRoom(account: Registered, now: number): AccountEvent[] {
  const expired = account.sessions.filter(({ expiresAt }) => now >= expiresAt);
  const live = account.sessions.filter((session) => !expired.includes(session));
  const replaced = live.slice(0, Math.max(0, live.length - SESSIONS_MAX + 1));
  return [
    ...expired.map(({ id }): AccountEvent => ({
      type: 'SessionEnded',
      data: { session: id, cause: 'Expired' },
    })),
    ...replaced.map(({ id }): AccountEvent => ({
      type: 'SessionEnded',
      data: { session: id, cause: 'Replaced' },
    })),
  ];
}

/** The session, while it lives: it has neither ended nor reached its end, and the account is neither locked nor suspended. */
export function sessionAt(account: Account, sessionId: string, now: number): Session | undefined {
  if (account.status !== 'Registered' || shutCauses(account, now).length > 0) return undefined;
  return account.sessions.find(({ id, expiresAt }) => id === sessionId && now < expiresAt);
}
