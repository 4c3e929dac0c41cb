import type { LogoutCause, LogoutTrouble } from './events.js';
import { HANDOFF_KEPT_MS, type Handoff } from './handoffs.js';
import type { LegacyAccountDecision } from './legacy-account.js';
import { hasLapsed } from './logouts.js';

/** The first pause after a failure; each is twice as long as the one before. */
const FIRST_PAUSE_MS = 5_000;
const PAUSE_MAX_MS = 15 * 60_000;

/** Requests an end for each session that was handed over and has a cause to end; `logoutIdOf` names it. Once for each. */
export const requestLogouts =
  (
    forEvent: string,
    causeOf: (handoff: Handoff) => LogoutCause | null,
    logoutIdOf: (handoff: Handoff) => string,
  ): LegacyAccountDecision =>
  ({ handoffs }, now) =>
    handoffs.flatMap((handoff) => {
      // What is a day old has ended over there by itself.
      const cause = now - handoff.redeemedAt < HANDOFF_KEPT_MS ? causeOf(handoff) : null;
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

export const lapseLogout =
  (logoutId: string): LegacyAccountDecision =>
  ({ logouts }, now) => {
    const logout = logouts.find((each) => each.logoutId === logoutId);
    return logout && hasLapsed(logout, now) ? [{ type: 'LegacyLogoutLapsed', data: { logoutId } }] : [];
  };
