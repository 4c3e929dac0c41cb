import type { PastEvent } from '../events.js';
import type { legacyAccountEvents } from './events.js';
import { HANDOFF_KEPT_MS, type Handoff } from './handoffs.js';

/** The end of a session at the legacy portal, of which that was not heard yet. */
export interface Logout {
  readonly logoutId: string;
  readonly accountId: string;
  readonly sessionId: string;
  readonly requestedAt: number;
  readonly failures: number;
  readonly tryAt: number;
}

/** The legacy portal ends what a hand-off opened after a day: telling it later has no use. */
export const LOGOUT_LAPSES_MS = HANDOFF_KEPT_MS;

export const hasLapsed = ({ requestedAt }: Logout, now: number): boolean =>
  now - requestedAt >= LOGOUT_LAPSES_MS;

type LogoutEvent = Extract<PastEvent<typeof legacyAccountEvents>, { type: `LegacyLogout${string}` }>;

interface Sessions {
  readonly handoffs: readonly Handoff[];
  readonly logouts: readonly Logout[];
}

/** A session that is to end is no longer handed over. */
export function withLogout({ handoffs, logouts }: Sessions, event: LogoutEvent, at: number): Sessions {
  const { logoutId } = event.data;
  switch (event.type) {
    case 'LegacyLogoutRequested': {
      const { accountId, sessionId } = event.data;
      const others = handoffs.filter((handoff) => handoff.sessionId !== sessionId);
      const logout = { logoutId, accountId, sessionId, requestedAt: at, failures: 0, tryAt: at };
      return { handoffs: others, logouts: [...logouts, logout] };
    }
    case 'LegacyLogoutFailed': {
      const { failures, tryAt } = event.data;
      const changed = (logout: Logout) =>
        logout.logoutId === logoutId ? { ...logout, failures, tryAt } : logout;
      return { handoffs, logouts: logouts.map(changed) };
    }
    case 'LegacyLogoutAcknowledged':
    case 'LegacyLogoutLapsed':
      return { handoffs, logouts: logouts.filter((logout) => logout.logoutId !== logoutId) };
    default:
      event satisfies never;
      return { handoffs, logouts };
  }
}
