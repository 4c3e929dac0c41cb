import type { LogoutCause } from '../legacy-account/events.js';
import { shutCauses } from './doors.js';
import type { Account } from './state.js';

/** Why what was handed over from this session is to end at the legacy portal, too; null where it may go on. A session that only was
 *  not used for a while may: its owner works over there. */
export function legacyLogoutCause(account: Account, sessionId: string, now: number): LogoutCause | null {
  if (account.status !== 'Registered') return 'AccountEnded';
  const shut = shutCauses(account, now);
  if (shut.includes('Suspended')) return 'Suspended';
  if (shut.includes('Locked')) return 'Locked';
  return account.sessions.some(({ id }) => id === sessionId) ? null : 'SessionEnded';
}
