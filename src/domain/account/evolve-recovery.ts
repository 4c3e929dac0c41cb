import type { PastAccountEvent, PasswordPolicyName } from './events.js';
import type { Failures, Registered, ResetLink } from './state.js';

export const noFailures: Failures = { inARow: 0, sinceSuccess: 0, lastAt: null, locksSinceSuccess: 0 };

export type RecoveryEvent = Extract<
  PastAccountEvent,
  { type: `Reset${string}` | `PasswordReset${string}` | `Recovery${string}` }
>;

export function evolveRecovery(account: Registered, event: RecoveryEvent, at: number): Registered {
  const { recovery } = account;
  const { link } = recovery;
  switch (event.type) {
    case 'ResetRequested': {
      const again = link?.id === event.data.resetId;
      const next: ResetLink = again
        ? { ...link, requestedAt: at, requests: link.requests + 1 }
        : { id: event.data.resetId, requestedAt: at, requests: 1, expiresAt: null, refusals: 0 };
      return { ...account, recovery: { ...recovery, link: next } };
    }
    case 'ResetRequestDeclined':
      return { ...account, recovery: { ...recovery, declinedAt: at } };
    case 'ResetLinkSent': {
      const { resetId, expiresAt, forRevision } = event.data;
      const sent = link?.id === resetId ? { ...link, expiresAt } : link;
      const noticedUpTo = Math.max(account.noticedUpTo, forRevision);
      return { ...account, noticedUpTo, recovery: { ...recovery, link: sent } };
    }
    case 'ResetAnswersRefused': {
      const refused = link?.id === event.data.resetId ? { ...link, refusals: link.refusals + 1 } : link;
      return { ...account, recovery: { ...recovery, link: refused, refusals: event.data.refusals } };
    }
    case 'ResetLinkRevoked':
    case 'ResetLinkExpired':
      return { ...account, recovery: { ...recovery, link: null } };
    case 'PasswordReset': {
      const { resetId, passwordHash, policy } = event.data;
      const recovered = { ...recovery, link: null, refusals: 0, lastResetId: resetId };
      return {
        ...withPassword(account, passwordHash, policy),
        failures: noFailures,
        sessions: [],
        recovery: recovered,
      };
    }
    case 'PasswordResetRepudiated':
      return {
        ...account,
        sessions: [],
        password: account.password && { ...account.password, disabled: true },
        recovery: { ...recovery, link: null, lastResetId: null },
      };
    case 'RecoveryBlocked':
      return { ...account, recovery: { ...recovery, link: null, blockedSince: at } };
    case 'RecoveryUnblocked':
      return { ...account, recovery: { ...recovery, refusals: 0, blockedSince: null } };
    default:
      event satisfies never;
      return account;
  }
}

/** A new hash: verdicts on the one before no longer count, and it is usable again. */
export function withPassword(
  account: Registered,
  hash: string | undefined,
  policy: PasswordPolicyName,
): Registered {
  const version = (account.password?.version ?? 0) + 1;
  return { ...account, password: { hash, policy, version, disabled: false } };
}
