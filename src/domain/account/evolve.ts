import { evolveEmail } from './evolve-contact-email.js';
import { evolveRecovery, noFailures, withPassword } from './evolve-recovery.js';
import type { PastAccountEvent } from './events.js';
import type { Account, Ended, Password, Recovery, Registered, Session, Stage } from './state.js';

const noRecovery: Recovery = {
  link: null,
  refusals: 0,
  blockedSince: null,
  declinedAt: null,
  lastResetId: null,
};

const newcomer = {
  status: 'Registered',
  roles: [],
  password: null,
  questions: undefined,
  failures: noFailures,
  lock: null,
  suspensions: [],
  sessions: [],
  recovery: noRecovery,
  emailChange: null,
  formerEmails: [],
  noticedUpTo: -1,
  registrationAttemptedAt: null,
  legacy: null,
  removals: [],
} as const;

export function evolve(account: Account, event: PastAccountEvent, at: number): Account {
  switch (event.type) {
    case 'AccountRegistered': {
      const { email, emailKey, givenName, familyName, passwordHash, policy, questions, linkId, expiresAt } =
        event.data;
      const stage: Stage = {
        name: 'Unconfirmed',
        linkId,
        expiresAt,
        failures: 0,
        linkRequestedAt: at,
        linkRequests: 1,
      };
      const password: Password = { hash: passwordHash, policy, version: 1, disabled: false };
      return { ...newcomer, stage, email, emailKey, givenName, familyName, password, questions };
    }
    case 'StaffInvited': {
      const { email, emailKey, givenName, familyName, role, linkId, expiresAt } = event.data;
      const stage: Stage = { name: 'Invited', linkId, expiresAt };
      return { ...newcomer, stage, email, emailKey, givenName, familyName, roles: [role] };
    }
    case 'RegistrationAbandoned':
      return { status: 'Ended', emailKey: null };
    case 'RegistrationExpired':
    case 'PersonErased':
      return ended(account);
    default:
      // Everything else happens to a registered account; on another it is a record of something that cannot be, and left alone.
      return account.status === 'Registered' ? evolveRegistered(account, event, at) : account;
  }
}

type LaterEvent = Exclude<
  PastAccountEvent,
  {
    type:
      'AccountRegistered' | 'StaffInvited' | 'RegistrationAbandoned' | 'RegistrationExpired' | 'PersonErased';
  }
>;

function evolveRegistered(account: Registered, event: LaterEvent, at: number): Registered {
  switch (event.type) {
    case 'RegistrationAttempted':
      return { ...account, registrationAttemptedAt: at };
    case 'ConfirmationLinkRequested':
      if (account.stage.name !== 'Unconfirmed') return account;
      return {
        ...account,
        stage: { ...account.stage, linkRequestedAt: at, linkRequests: account.stage.linkRequests + 1 },
      };
    case 'ConfirmationRefused':
      if (account.stage.name !== 'Unconfirmed') return account;
      return { ...account, stage: { ...account.stage, failures: event.data.failures } };
    case 'EmailConfirmed':
      return { ...account, stage: { name: 'Confirmed' } };
    case 'InvitationAccepted': {
      const { passwordHash, policy, questions } = event.data;
      return { ...withPassword(account, passwordHash, policy), stage: { name: 'Confirmed' }, questions };
    }
    case 'RoleGranted':
      return {
        ...account,
        roles: [...account.roles.filter((held) => held !== event.data.role), event.data.role],
      };
    case 'RoleRevoked':
      return { ...account, roles: account.roles.filter((held) => held !== event.data.role), sessions: [] };
    case 'LoginSucceeded':
      return {
        ...account,
        failures: noFailures,
        sessions: [
          ...account.sessions,
          {
            ...event.data.session,
            startedAt: at,
            seenAt: at,
            passwordAt: at,
            aal: event.data.aal,
            agent: event.data.client?.agent,
          },
        ],
      };
    case 'LoginFailed':
      return {
        ...account,
        failures: {
          ...account.failures,
          inARow: event.data.failures,
          sinceSuccess: account.failures.sinceSuccess + 1,
          lastAt: at,
        },
      };
    case 'AccountLocked': {
      const { cause, failures, until } = event.data;
      return {
        ...account,
        lock: { cause, since: at, until: until ?? null, failures },
        failures: {
          ...account.failures,
          inARow: 0,
          locksSinceSuccess: account.failures.locksSinceSuccess + 1,
        },
        password:
          account.password && cause === 'PasswordDisabled'
            ? { ...account.password, disabled: true }
            : account.password,
      };
    }
    case 'LockExpired':
    case 'AccountUnlocked':
      return { ...account, lock: null };
    case 'AccountSuspended': {
      const { suspensionId, cause } = event.data;
      const others = account.suspensions.filter((held) => held.cause !== cause);
      return {
        ...account,
        suspensions: [...others, { id: suspensionId, cause, since: at }],
        sessions: [],
      };
    }
    case 'AccountReinstated':
      return {
        ...account,
        suspensions: account.suspensions.filter((held) => held.id !== event.data.suspensionId),
      };
    case 'SessionContinued':
      return withSession(account, event.data.session, { seenAt: at });
    case 'PasswordConfirmed':
      return {
        ...withSession(account, event.data.session, { seenAt: at, passwordAt: at }),
        failures: noFailures,
      };
    case 'SessionEnded':
      return { ...account, sessions: account.sessions.filter(({ id }) => id !== event.data.session) };
    case 'PasswordChanged': {
      const sessions = account.sessions.filter(({ id }) => id === event.data.session);
      return { ...withPassword(account, event.data.passwordHash, event.data.policy), sessions };
    }
    case 'PasswordRehashed': {
      // The same password as before: a disabled one stays disabled.
      const { password } = account;
      if (password === null) return account;
      const { passwordHash: hash } = event.data;
      return { ...account, password: { ...password, hash, version: password.version + 1 } };
    }
    case 'SecurityQuestionsChanged':
      return { ...account, questions: event.data.questions };
    case 'NoticeSent':
    case 'NoticeRefused':
      return { ...account, noticedUpTo: Math.max(account.noticedUpTo, event.data.forRevision) };
    case 'LegacySynced': {
      const { legacyAccountId, legacyUserId, company, tradeAccounts, asOf, version = 0 } = event.data;
      const link = { legacyAccountId, legacyUserId, company, tradeAccounts, asOf, version };
      return { ...account, legacy: { ...link, syncedAt: at, broughtOver: false, told: null } };
    }
    case 'LegacyAccessBroughtOver':
      return { ...account, legacy: account.legacy && { ...account.legacy, broughtOver: true } };
    case 'RemovedFromTradeAccount':
      return { ...account, removals: [...account.removals, event.data.removalId] };
    case 'LegacyRetirementNoticeRequested': {
      const { notice, retiresAt = null } = event.data;
      return { ...account, legacy: account.legacy && { ...account.legacy, told: { notice, retiresAt } } };
    }
    case 'ContactEmailChangeRequested':
    case 'ContactEmailChangeExpired':
    case 'ContactEmailChanged':
    case 'ContactEmailRestored':
    case 'FormerEmailReleased':
      return evolveEmail(account, event);
    default:
      return evolveRecovery(account, event, at);
  }
}

function ended(account: Account): Ended {
  if (account.status !== 'Registered') return { status: 'Ended', emailKey: null };
  const { emailKey, legacy } = account;
  return {
    status: 'Ended',
    emailKey,
    ...(legacy && { legacyAccountId: legacy.legacyAccountId }),
  };
}

function withSession(account: Registered, id: string, change: Partial<Session>): Registered {
  return {
    ...account,
    sessions: account.sessions.map((session) => (session.id === id ? { ...session, ...change } : session)),
  };
}
