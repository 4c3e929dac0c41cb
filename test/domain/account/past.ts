import { accountDecider } from '../../../src/domain/account/account.js';
import type {
  AccountEvent,
  AccountEventOf,
  LockCause,
  Questions,
  Role,
  ShutCause,
  SuspensionCause,
} from '../../../src/domain/account/events.js';
import { confirmPassword, signIn, type LockoutRules } from '../../../src/domain/account/sign-in.js';
import { HOUR, MINUTE, storyOf, T0 } from '../../support/given.js';

/** The words in which the tests of the account tell its past. */
export const given = storyOf(accountDecider);

type Data<T extends AccountEvent['type']> = AccountEventOf<T>['data'];
const event = <T extends AccountEvent['type']>(type: T, data: Data<T>): AccountEvent =>
  ({ type, data }) as AccountEvent;

export const client = { address: '192.0.2.7', agent: 'a browser' };
export const questions: Questions = {
  ids: ['first-pet', 'nickname', 'first-ship'],
  answersHash: 'answers-1',
};
export const rules: LockoutRules = { failuresMax: 5, lockMs: 15 * MINUTE };
export const reason = 'as the caller asked';

export const registration: Omit<Data<'AccountRegistered'>, 'expiresAt'> = {
  email: 'Ada@example.org',
  emailKey: 'key-ada',
  givenName: 'Ada',
  familyName: 'Lovelace',
  passwordHash: 'hash-1',
  policy: 'portal-8',
  questions,
  linkId: 'confirm-1',
};
export const unconfirmed = event('AccountRegistered', { ...registration, expiresAt: T0 + 48 * HOUR });
export const emailConfirmed = event('EmailConfirmed', {});
export const registered = [unconfirmed, emailConfirmed];
export const confirmationLinkRequested = event('ConfirmationLinkRequested', { linkId: 'confirm-1' });
export const confirmationRefused = (failures: number) => event('ConfirmationRefused', { failures });
export const registrationExpired = (cause: Data<'RegistrationExpired'>['cause']) =>
  event('RegistrationExpired', { cause });
export const registrationAttempted = event('RegistrationAttempted', {});
export const registrationAbandoned = event('RegistrationAbandoned', {});

export const invitation = {
  email: 'duty@example.org',
  emailKey: 'key-duty',
  givenName: 'Grace',
  familyName: 'Hopper',
  role: 'dutyOfficer' as Role,
  linkId: 'enrol-1',
};
export const invited = event('StaffInvited', { ...invitation, expiresAt: T0 + 48 * HOUR });
export const invitationAccepted = event('InvitationAccepted', {
  passwordHash: 'hash-1',
  policy: 'portal-8',
  questions,
});
export const roleGranted = (role: Role) => event('RoleGranted', { role, reason });
export const roleRevoked = (role: Role) => event('RoleRevoked', { role, reason });

export const session = (id: string, expiresAt = T0 + 24 * HOUR) => ({
  id,
  tokenHash: `hash-${id}`,
  expiresAt,
});
export const signedIn = (id = 's-1', expiresAt?: number) =>
  event('LoginSucceeded', { session: session(id, expiresAt), methods: ['password'], aal: 1, client });
export const loginFailed = (failures: number) => event('LoginFailed', { failures, client });
export const failed = (times: number) => Array.from({ length: times }, (_, index) => loginFailed(index + 1));
export const accountLocked = (cause: LockCause, failures: number, until?: number) =>
  event('AccountLocked', { cause, failures, ...(until !== undefined && { until }) });
/** Five wrong passwords and the lock that they bring, all at the story's present, `from`. */
export const lockedOnce = (from = T0, lockMs = 15 * MINUTE) => [
  ...failed(5),
  accountLocked('TooManyFailures', 5, from + lockMs),
];
export const locked = lockedOnce();
export const passwordDisabled = [loginFailed(1), accountLocked('PasswordDisabled', 1)];
export const lockExpired = event('LockExpired', {});
export const unlocked = event('AccountUnlocked', { reason });
export const suspended = (cause: SuspensionCause = 'OfficerDecision', suspensionId = `by-${cause}`) =>
  event('AccountSuspended', { suspensionId, cause, reason });
export const reinstated = (cause: SuspensionCause) =>
  event('AccountReinstated', { suspensionId: `by-${cause}`, cause, reason });
export const sessionContinued = (id: string) => event('SessionContinued', { session: id });
export const passwordConfirmed = (id: string) => event('PasswordConfirmed', { session: id });
export const sessionEnded = (id: string, cause: Data<'SessionEnded'>['cause']) =>
  event('SessionEnded', { session: id, cause });

export const resetRequested = (resetId = 'r-1') => event('ResetRequested', { resetId });
export const resetDeclined = (...causes: ShutCause[]) => event('ResetRequestDeclined', { causes });
export const resetLinkSent = (resetId: string, expiresAt: number, forRevision = 2) =>
  event('ResetLinkSent', { resetId, expiresAt, messageId: `mail-${resetId}`, forRevision });
/** Asked for and mailed at `sentAt`. */
export const linkSent = (resetId = 'r-1', sentAt = T0) => [
  resetRequested(resetId),
  resetLinkSent(resetId, sentAt + 24 * HOUR),
];
export const answersRefused = (resetId: string, refusals: number) =>
  event('ResetAnswersRefused', { resetId, refusals });
export const resetLinkRevoked = (resetId: string, cause: Data<'ResetLinkRevoked'>['cause']) =>
  event('ResetLinkRevoked', { resetId, cause });
export const resetLinkExpired = (resetId: string) => event('ResetLinkExpired', { resetId });
export const passwordReset = (resetId = 'r-1', passwordHash = 'hash-2') =>
  event('PasswordReset', { resetId, passwordHash, policy: 'portal-8' });
export const resetRepudiated = (resetId = 'r-1') => event('PasswordResetRepudiated', { resetId });
export const recoveryBlocked = (cause: Data<'RecoveryBlocked'>['cause'], refusals: number) =>
  event('RecoveryBlocked', { cause, refusals });
export const recoveryUnblocked = event('RecoveryUnblocked', { reason });

export const passwordChanged = (keptSession: string, passwordHash = 'hash-2') =>
  event('PasswordChanged', { passwordHash, policy: 'portal-8', session: keptSession });
export const passwordRehashed = (passwordHash: string) => event('PasswordRehashed', { passwordHash });
export const newQuestions: Questions = {
  ids: ['first-journey', 'first-employer', 'nickname'],
  answersHash: 'answers-2',
};
export const questionsChanged = event('SecurityQuestionsChanged', { questions: newQuestions });

export const address = (name: string) => ({ email: `${name}@example.net`, emailKey: `key-${name}` });
export const emailChangeRequested = (changeId: string, name: string, at = T0, held = true) =>
  event('ContactEmailChangeRequested', { changeId, ...address(name), held, expiresAt: at + 48 * HOUR });
export const emailChangeExpired = (changeId: string, name: string, held = true) =>
  event('ContactEmailChangeExpired', { changeId, emailKey: `key-${name}`, held });
export const emailChanged = (changeId: string, name: string, formerEmailKey: string, at = T0) =>
  event('ContactEmailChanged', {
    changeId,
    ...address(name),
    formerEmailKey,
    formerKeptUntil: at + 7 * 24 * HOUR,
  });
export const emailRestored = (
  changeId: string,
  { email, emailKey }: { email: string; emailKey: string },
  refusedEmailKey: string,
) => event('ContactEmailRestored', { changeId, email, emailKey, refusedEmailKey });
export const formerEmailReleased = (changeId: string, emailKey: string) =>
  event('FormerEmailReleased', { changeId, emailKey });
export const legacySynced = (legacyAccountId = 'l-1') =>
  event('LegacySynced', {
    legacyAccountId,
    legacyUserId: 'ADAOK01',
    company: 'Harbor Imports, Inc.',
    tradeAccounts: [{ type: 'Importer', number: '12-3456789', owner: true, permissions: ['RunReports'] }],
    asOf: T0 - HOUR,
  });
export const legacyAccessBroughtOver = (legacyAccountId = 'l-1') =>
  event('LegacyAccessBroughtOver', { legacyAccountId });
export const removedFromTradeAccount = (removalId = 'r-1') =>
  event('RemovedFromTradeAccount', {
    removalId,
    tradeAccountId: 't-1',
    type: 'Importer',
    number: '12-3456789',
    companyName: 'Harbor Imports, Inc.',
  });
export const retirementNotice = (notice: number, retiresAt?: number) =>
  event('LegacyRetirementNoticeRequested', { notice, ...(retiresAt !== undefined && { retiresAt }) });
export const noticeSent = (forRevision: number) =>
  event('NoticeSent', { forEvent: `event-${forRevision}`, forRevision, messageId: `mail-${forRevision}` });
export const noticeRefused = (forRevision: number) =>
  event('NoticeRefused', { forEvent: `event-${forRevision}`, forRevision });
export const personErased = event('PersonErased', {});

const attempt = (matches: boolean, sessionId: string, passwordVersion: number) => ({
  matches,
  passwordVersion,
  session: session(sessionId),
  client,
});
/** A sign-in whose password was compared with the account's first one, unless told otherwise. */
export const right = (sessionId = 's-1', version = 1, with_ = rules) =>
  signIn(attempt(true, sessionId, version), with_);
export const wrong = (version = 1, with_ = rules) => signIn(attempt(false, 's-1', version), with_);
export const passwordAgain = (matches: boolean, sessionId = 's-1') =>
  confirmPassword(sessionId, 1, matches, client, rules);
