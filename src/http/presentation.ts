import type { Account, LegacyLink, Registered, Session } from '../domain/account/state.js';
import { isLocked } from '../domain/account/doors.js';
import { isWeaker } from '../domain/account/input-rules.js';
import type { PasswordPolicyName } from '../domain/account/events.js';
import type { AccountRules } from '../commands/account-rules.js';
import type { Instant } from '../ports.js';
import { liveSessions } from './live-sessions.js';

/** Instants go out as ISO 8601 in UTC. */
export const iso = (instant: Instant): string => new Date(instant).toISOString();
const isoOrNull = (instant: Instant | null) => (instant === null ? null : iso(instant));

/** One word for people; the facts beside it say everything. */
export function statusOf(account: Account, now: Instant): string {
  if (account.status !== 'Registered') return 'ended';
  if (account.stage.name !== 'Confirmed') return account.stage.name === 'Invited' ? 'invited' : 'unconfirmed';
  if (account.suspensions.length > 0) return 'suspended';
  return isLocked(account, now) ? 'locked' : 'active';
}

/** What the owner sees of the account. */
export const ownAccount = (
  accountId: string,
  account: Registered,
  policy: PasswordPolicyName,
  now: Instant,
) => ({
  accountId,
  email: account.email ?? null,
  givenName: account.givenName ?? null,
  familyName: account.familyName ?? null,
  roles: account.roles,
  status: statusOf(account, now),
  securityQuestionIds: account.questions?.ids ?? [],
  pendingContactEmail:
    account.emailChange === null
      ? null
      : { email: account.emailChange.email ?? null, expiresAt: iso(account.emailChange.expiresAt) },
  passwordChangeRequired: account.password !== null && isWeaker(account.password.policy, policy),
  tasks: tasksOf(account),
  legacySync: account.legacy === null ? null : syncReceipt(account.legacy),
});

/** What the owner is asked to do after signing in. Staff come from no legacy portal. */
export const tasksOf = ({ legacy, roles }: Registered) =>
  legacy === null && roles.length === 0
    ? [
        {
          code: 'SyncAccounts',
          title: 'Sync Accounts',
          detail:
            'To sync your account access and permissions from the legacy portal, enter your Legacy User Id and Legacy Password, and click Sync. Your legacy account must be active and in good standing.',
          route: 'POST /api/v1/me/legacy-syncs',
        },
      ]
    : [];

/** What came over, from where, and when. */
export const syncReceipt = (legacy: LegacyLink) => ({
  legacyUserId: legacy.legacyUserId ?? null,
  company: legacy.company ?? null,
  tradeAccounts: legacy.tradeAccounts ?? [],
  from: 'legacy ACE Portal',
  asOf: iso(legacy.asOf),
  syncedAt: iso(legacy.syncedAt),
});

/** What staff see who look an account up: why it is shut and since when, and whom its owner should contact. */
export const checkedAccount = (
  accountId: string,
  account: Account,
  contact: string,
  rules: AccountRules,
  now: Instant,
) => ({
  accountId,
  status: statusOf(account, now),
  ...(account.status === 'Registered' && {
    email: account.email ?? null,
    givenName: account.givenName ?? null,
    familyName: account.familyName ?? null,
    roles: account.roles,
    lock: lockOf(account, now),
    suspensions: account.suspensions.map(({ id, cause, since }) => ({
      suspensionId: id,
      cause,
      since: iso(since),
    })),
    passwordDisabled: account.password?.disabled ?? false,
    failedSignIns: {
      inARow: account.failures.inARow,
      sinceLastSuccess: account.failures.sinceSuccess,
      lastAt: isoOrNull(account.failures.lastAt),
    },
    openReset: resetOf(account, now),
    recoveryBlockedSince: isoOrNull(account.recovery.blockedSince),
    liveSessions: liveSessions(account, rules, now).length,
  }),
  contact,
});

const lockOf = (account: Registered, now: Instant) =>
  isLocked(account, now) && account.lock !== null
    ? {
        cause: account.lock.cause,
        since: iso(account.lock.since),
        until: isoOrNull(account.lock.until),
        failures: account.lock.failures,
      }
    : null;

function resetOf({ recovery: { link } }: Registered, now: Instant) {
  if (link === null || (link.expiresAt !== null && now >= link.expiresAt)) return null;
  return { requestedAt: iso(link.requestedAt), expiresAt: isoOrNull(link.expiresAt) };
}

export const shownSession = (session: Session, currentId: string) => ({
  sessionId: session.id,
  current: session.id === currentId,
  startedAt: iso(session.startedAt),
  lastUsedAt: iso(session.seenAt),
  expiresAt: iso(session.expiresAt),
  userAgent: session.agent ?? null,
});
