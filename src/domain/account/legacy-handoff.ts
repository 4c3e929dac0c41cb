import { DomainError } from '../domain-error.js';
import { legacyNotSynced } from '../legacy-account/handing-over.js';
import { shutCauses } from './doors.js';
import { sessionAt } from './sign-in.js';
import type { Account, LegacyLink, Session } from './state.js';

export interface HandingOver {
  readonly session: Session;
  readonly legacy: LegacyLink;
}

/** What a hand-off rests on: a session that lives, of an account that is neither locked nor suspended and was synced. Throws
 *  `AccountShut`, `SessionEnded`, `LegacyNotSynced`. */
export function handingOver(account: Account, sessionId: string, now: number): HandingOver {
  if (account.status === 'Registered' && shutCauses(account, now).length > 0) {
    throw new DomainError('AccountShut', 'Your account is locked at present.');
  }
  const session = sessionAt(account, sessionId, now);
  if (account.status !== 'Registered' || !session) {
    throw new DomainError('SessionEnded', 'This session has ended. Please sign in again.');
  }
  if (account.legacy === null) throw legacyNotSynced();
  return { session, legacy: account.legacy };
}
