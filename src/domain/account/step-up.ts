import { DomainError } from '../domain-error.js';
import { afterDeadlines } from './deadlines.js';
import { opensToPassword } from './doors.js';
import type { AccountEvent } from './events.js';
import { sessionAt } from './sign-in.js';
import type { AccountDecision, Registered } from './state.js';

/** How long a password typed in a session allows to change what guards the account. */
export const PASSWORD_FRESH_MS = 5 * 60_000;

/** The decision of an owner who has just proved to be one, in a session that still lives when it is taken: a reset that came
 *  first has ended it. Throws `SessionEnded`, `PasswordNeeded`. */
export const withFreshPassword = (
  sessionId: string,
  decision: (account: Registered, now: number) => readonly AccountEvent[],
): AccountDecision =>
  afterDeadlines((account, now) => {
    const session = sessionAt(account, sessionId, now);
    // A disabled password is made usable by a reset only, not by changing it.
    if (!session || !opensToPassword(account, now)) {
      throw new DomainError('SessionEnded', 'This session has ended. Please sign in again.');
    }
    if (now - session.passwordAt >= PASSWORD_FRESH_MS) {
      throw new DomainError('PasswordNeeded', 'Please enter your password again.');
    }
    return decision(account, now);
  });
