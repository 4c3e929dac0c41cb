import type { PastEvent } from '../events.js';
import { HANDOFF_KEPT_MS, type Handoff } from './handoffs.js';
import type { legacyAccountEvents, LogoutCause, LogoutTrouble } from './events.js';
import type { LegacyAccount, LegacyAccountDecision } from './legacy-account.js';

/** The end of a session at the legacy portal, of which that was not heard yet. */
export interface Logout {
  readonly logoutId: string;
  readonly accountId: string;
  readonly sessionId: string;
  readonly requestedAt: number;
  readonly failures: number;
  readonly tryAt: number;
}

/** The first pause after a failure; each is twice as long as the one before. */
const FIRST_PAUSE_MS = 5_000;
const PAUSE_MAX_MS = 15 * 60_000;

/** The legacy portal ends what a hand-off opened after a day: telling it later has no use. */
export const LOGOUT_LAPSES_MS = HANDOFF_KEPT_MS;

/** Requests an end for each session that was handed over and has a cause to end; `logoutIdOf` names it. Once for each. */
export const requestLogouts =
  (
    forEvent: string,
    causeOf: (handoff: Handoff) => LogoutCause | null,
    logoutIdOf: (handoff: Handoff) => string,
  ): LegacyAccountDecision =>
  ({ handoffs }) =>
    handoffs.flatMap((handoff) => {
      const cause = causeOf(handoff);
      if (cause === null) return [];
      const { accountId, sessionId } = handoff;
      const data = { logoutId: logoutIdOf(handoff), accountId, sessionId, cause, forEvent };
      return [{ type: 'LegacyLogoutRequested' as const, data }];
    });

/** What the legacy portal made of it; null: it has ended the session. */
export const recordLogoutAnswer =
  (logoutId: string, trouble: LogoutTrouble | null): LegacyAccountDecision =>
  ({ logouts }, now) => {
    const logout = logouts.find((each) => each.logoutId === logoutId);
    if (!logout) return [];
    if (trouble === null) return [{ type: 'LegacyLogoutAcknowledged', data: { logoutId } }];
    const tryAt = now + Math.min(PAUSE_MAX_MS, FIRST_PAUSE_MS * 2 ** logout.failures);
    const failures = logout.failures + 1;
    return [{ type: 'LegacyLogoutFailed', data: { logoutId, trouble, failures, tryAt } }];
  };

export const hasLapsed = ({ requestedAt }: Logout, now: number): boolean =>
  now - requestedAt >= LOGOUT_LAPSES_MS;

export const lapseLogout =
  (logoutId: string): LegacyAccountDecision =>
  ({ logouts }, now) => {
    const logout = logouts.find((each) => each.logoutId === logoutId);
    return logout && hasLapsed(logout, now) ? [{ type: 'LegacyLogoutLapsed', data: { logoutId } }] : [];
  };

type LogoutEvent = Extract<PastEvent<typeof legacyAccountEvents>, { type: `LegacyLogout${string}` }>;

export function evolveLogouts(account: LegacyAccount, event: LogoutEvent, at: number): LegacyAccount {
  const { logoutId } = event.data;
  switch (event.type) {
    case 'LegacyLogoutRequested': {
      const { accountId, sessionId } = event.data;
      const handoffs = account.handoffs.filter((handoff) => handoff.sessionId !== sessionId);
      const logout = { logoutId, accountId, sessionId, requestedAt: at, failures: 0, tryAt: at };
      return { ...account, handoffs, logouts: [...account.logouts, logout] };
    }
    case 'LegacyLogoutFailed': {
      const { failures, tryAt } = event.data;
      const changed = (logout: Logout) =>
        logout.logoutId === logoutId ? { ...logout, failures, tryAt } : logout;
      return { ...account, logouts: account.logouts.map(changed) };
    }
    case 'LegacyLogoutAcknowledged':
    case 'LegacyLogoutLapsed':
      return { ...account, logouts: account.logouts.filter((logout) => logout.logoutId !== logoutId) };
    default:
      event satisfies never;
      return account;
  }
}
