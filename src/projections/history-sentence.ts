import type { PastAccountEvent, ShutCause, SuspensionCause } from '../domain/account/events.js';
import { inWords } from '../domain/duration.js';

const suspendedFor: Record<SuspensionCause, string> = {
  OfficerDecision: 'by decision of an officer',
  SecurityConcern: 'because of a security concern',
  CompanyStatus: 'because your company’s status changed',
};

const shutBy: Record<ShutCause, string> = {
  Locked: 'your account was locked',
  Suspended: 'your account was suspended',
  RecoveryBlocked: 'password recovery was blocked',
};

const sessionEnded = {
  SignedOut: 'You signed out.',
  EndedByOwner: 'You ended a session.',
  Replaced: 'Your oldest session was ended to make room for a new one.',
  Expired: 'A session reached its end.',
  AccountOwnerReplaced: 'A session was ended because a trade account of yours has another owner now.',
};

const plural = (count: number, one: string) => `${count} ${count === 1 ? one : `${one}s`}`;

/** The event in words for the account's owner; null for what is of no interest to them. Holds nothing personal. */
export function historySentence(event: PastAccountEvent, at: number): string | null {
  switch (event.type) {
    case 'AccountRegistered':
      return 'You registered.';
    case 'StaffInvited':
      return 'You were invited to enrol.';
    case 'InvitationAccepted':
      return 'You enrolled and chose a password.';
    case 'RegistrationAttempted':
      return 'Somebody tried to register with your e-mail address.';
    case 'ConfirmationLinkRequested':
      return 'The confirmation link was asked for again.';
    case 'ConfirmationRefused':
      return 'Your confirmation link was used with a wrong password.';
    case 'EmailConfirmed':
      return 'You confirmed your e-mail address.';
    case 'RegistrationExpired':
      return 'Your registration ended without being confirmed.';
    case 'RoleGranted':
      return 'You were given a role.';
    case 'RoleRevoked':
      return 'A role was taken from you.';
    case 'LoginSucceeded':
      return 'You signed in.';
    case 'LoginFailed':
      return `A sign-in with a wrong password failed (${event.data.failures} in a row).`;
    case 'AccountLocked':
      return lockedSentence(event.data, at);
    case 'LockExpired':
      return 'The lock on your account ended.';
    case 'AccountUnlocked':
      return 'An officer unlocked your account.';
    case 'AccountSuspended':
      return `Your account was suspended ${suspendedFor[event.data.cause]}.`;
    case 'AccountReinstated':
      return 'A suspension of your account was lifted.';
    case 'SessionEnded':
      return sessionEnded[event.data.cause];
    case 'PasswordConfirmed':
      return 'You confirmed your password.';
    case 'PasswordChanged':
      return 'You changed your password, which ended your other sessions.';
    case 'SecurityQuestionsChanged':
      return 'You changed your security questions.';
    case 'LegacySynced':
      return 'You synced your legacy ACE Portal account: its access and permissions are now yours here.';
    case 'RemovedFromTradeAccount':
      return 'The Account Owner of a trade account took your access to it away.';
    case 'LegacyRetirementNoticeRequested':
      return event.data.retiresAt === undefined
        ? 'You were told that the legacy ACE Portal will not be retired for the time being.'
        : 'You were told when the legacy ACE Portal will be retired.';
    case 'LegacyAccessBroughtOver':
    case 'SessionContinued':
    case 'PasswordRehashed':
    case 'NoticeSent':
    case 'NoticeRefused':
    case 'RegistrationAbandoned':
    case 'PersonErased':
      return null;
    default:
      return recoverySentence(event);
  }
}

type RecoveryOrEmailEvent = Extract<
  PastAccountEvent,
  {
    type:
      | `Reset${string}`
      | `PasswordReset${string}`
      | `Recovery${string}`
      | `ContactEmail${string}`
      | 'FormerEmailReleased';
  }
>;

function recoverySentence(event: RecoveryOrEmailEvent): string {
  switch (event.type) {
    case 'ResetRequested':
      return 'A password reset was asked for.';
    case 'ResetRequestDeclined':
      return `A password reset was asked for and declined, because ${event.data.causes.map((cause) => shutBy[cause]).join(' and ')}.`;
    case 'ResetLinkSent':
      return 'A link to set a new password was mailed to you.';
    case 'ResetAnswersRefused':
      return 'The answers to your security questions were wrong.';
    case 'ResetLinkRevoked':
      return 'The link to set a new password was made invalid.';
    case 'ResetLinkExpired':
      return 'The link to set a new password expired.';
    case 'PasswordReset':
      return 'Your password was reset by the mailed link, which ended all your sessions.';
    case 'PasswordResetRepudiated':
      return 'You told us that a password reset was not yours. All sessions ended and the password was disabled.';
    case 'RecoveryBlocked':
      return 'Password recovery was blocked until an officer allows it again.';
    case 'RecoveryUnblocked':
      return 'An officer allowed password recovery again.';
    case 'ContactEmailChangeRequested':
      return 'A change of your contact e-mail address was asked for.';
    case 'ContactEmailChangeExpired':
      return 'A change of your contact e-mail address was not confirmed and lapsed.';
    case 'ContactEmailChanged':
      return 'Your contact e-mail address, and with it your user name, was changed.';
    case 'ContactEmailRestored':
      return 'A change of your contact e-mail address was taken back. All sessions ended and the password was disabled.';
    case 'FormerEmailReleased':
      return 'Your former e-mail address is free again.';
    default:
      event satisfies never;
      return '';
  }
}

function lockedSentence(
  lock: Extract<PastAccountEvent, { type: 'AccountLocked' }>['data'],
  at: number,
): string {
  if (lock.cause === 'PasswordDisabled') {
    return 'Your account was locked and its password disabled after too many wrong passwords. An officer must unlock it, and you must reset the password.';
  }
  const after = `after ${plural(lock.failures, 'wrong password')}`;
  return lock.until === undefined
    ? `Your account was locked ${after}, until an officer unlocks it.`
    : `Your account was locked for ${inWords(lock.until - at)} ${after}.`;
}
