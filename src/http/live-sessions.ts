import type { AccountRules } from '../commands/account-rules.js';
import type { Registered, Session } from '../domain/account/state.js';
import type { Instant } from '../ports.js';

/** The sessions that still open the account: none that reached its end, or that nobody used for too long. */
export function liveSessions(account: Registered, rules: AccountRules, now: Instant): readonly Session[] {
  const idleMs = account.roles.length > 0 ? rules.staffSessionIdleMs : rules.sessionIdleMs;
  return account.sessions.filter(({ expiresAt, seenAt }) => now < expiresAt && now - seenAt < idleMs);
}
