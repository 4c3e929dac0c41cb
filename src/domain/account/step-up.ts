import { DomainError } from '../domain-error.js';
import { afterDeadlines } from './deadlines.js';
import { opensToPassword } from './doors.js';
import { confirmed } from './confirmed.js';
import { sessionAt } from './sign-in.js';
import type { Account, AccountDecision, Registered } from './state.js';

/** How long a password typed in a session allows to change what guards the account. */
export const PASSWORD_FRESH_MS = 5 * 60_000;

/** The decision of an owner who has just proved to be one. Throws `SessionEnded`, `PasswordNeeded`. */
export const withFreshPassword = (sessionId: string, decision: AccountDecision): AccountDecision =>
  afterDeadlines((account, now) => {
    const session = sessionAt(account, sessionId, now);
    if (!session) throw sessionHasEnded();
    if (now - session.passwordAt >= PASSWORD_FRESH_MS) {
      throw new DomainError('PasswordNeeded', 'Please enter your password again.');
    }
    return decision(account, now);
  });

export const sessionHasEnded = () =>
  new DomainError('SessionEnded', 'This session has ended. Please sign in again.');

/** A confirmed account whose doors are open: what only its owner may do in a session. Throws `SessionEnded`. */
export function openToOwner(account: Account, now: number): Registered {
  const known = confirmed(account);
  if (!opensToPassword(known, now)) throw sessionHasEnded();
  return known;
}
