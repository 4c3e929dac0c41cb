import type {
  LegacyAccountEvent,
  LogoutCause,
  LogoutTrouble,
} from '../../../src/domain/legacy-account/events.js';

export const logoutRequested = (
  sessionId = 's-1',
  cause: LogoutCause = 'SessionEnded',
): LegacyAccountEvent => ({
  type: 'LegacyLogoutRequested',
  data: { logoutId: `logout-${sessionId}`, accountId: 'a-1', sessionId, cause, forEvent: 'event-1' },
});

export const logoutAcknowledged = (logoutId = 'logout-s-1'): LegacyAccountEvent => ({
  type: 'LegacyLogoutAcknowledged',
  data: { logoutId },
});

export const logoutFailed = (
  logoutId: string,
  trouble: LogoutTrouble,
  failures: number,
  tryAt: number,
): LegacyAccountEvent => ({
  type: 'LegacyLogoutFailed',
  data: { logoutId, trouble, failures, tryAt },
});

export const logoutLapsed = (logoutId = 'logout-s-1'): LegacyAccountEvent => ({
  type: 'LegacyLogoutLapsed',
  data: { logoutId },
});
