import { DomainError } from '../domain-error.js';
import { sessionAt } from './sign-in.js';
import type { AccountDecision } from './state.js';

/** How often a session in use is recorded as such: a request within this time of the last record costs no event. */
export const SESSION_RECORDED_EVERY_MS = 5 * 60_000;

export const continueSession =
  (sessionId: string): AccountDecision =>
  (account, now) => {
    // One that has run out must not come back to life by being used.
    const session = sessionAt(account, sessionId, now);
    if (!session || now - session.seenAt < SESSION_RECORDED_EVERY_MS) return [];
    return [{ type: 'SessionContinued', data: { session: sessionId } }];
  };

export const signOut =
  (sessionId: string): AccountDecision =>
  (account) => {
    const session = account.status === 'Registered' && account.sessions.find(({ id }) => id === sessionId);
    return session ? [{ type: 'SessionEnded', data: { session: sessionId, cause: 'SignedOut' } }] : [];
  };

/** Ends one session by its owner's hand, from another one. */
export const endSession =
  (sessionId: string): AccountDecision =>
  (account) => {
    const session = account.status === 'Registered' && account.sessions.find(({ id }) => id === sessionId);
    if (!session)
      throw new DomainError('SessionUnknown', 'There is no such session, or it has ended already.');
    return [{ type: 'SessionEnded', data: { session: sessionId, cause: 'EndedByOwner' } }];
  };

/** `AccountOwnerReplaced`: the account owned a trade account until now, and what is open must not go on as if it still did. */
export const endAllSessions =
  (cause: 'EndedByOwner' | 'AccountOwnerReplaced'): AccountDecision =>
  (account) => {
    if (account.status !== 'Registered') return [];
    return account.sessions.map(({ id }) => ({ type: 'SessionEnded', data: { session: id, cause } }));
  };
