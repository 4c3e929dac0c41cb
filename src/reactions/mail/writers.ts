import type { AccountEvent } from '../../domain/account/events.js';
import type { Writer } from './desk.js';
import { contactEmailChanged, contactEmailChangeRequested, contactEmailRestored } from './contact-email.js';
import { passwordChanged, securityQuestionsChanged } from './credentials.js';
import { legacyRetirementNotice } from './legacy-retirement.js';
import { legacySynced } from './legacy-sync.js';
import { removedFromTradeAccount } from './individual-users.js';
import { accountLocked, accountReinstated, accountSuspended, accountUnlocked } from './locks.js';
import {
  passwordReset,
  passwordResetRepudiated,
  recoveryBlocked,
  recoveryUnblocked,
  resetRequestDeclined,
  resetRequested,
} from './recovery.js';
import {
  accountRegistered,
  confirmationLinkRequested,
  registrationAttempted,
  roleGranted,
  roleRevoked,
  staffInvited,
} from './registration.js';

/** Every event that calls for a mail. */
export const writers = {
  AccountRegistered: accountRegistered,
  ConfirmationLinkRequested: confirmationLinkRequested,
  RegistrationAttempted: registrationAttempted,
  StaffInvited: staffInvited,
  RoleGranted: roleGranted,
  RoleRevoked: roleRevoked,
  AccountLocked: accountLocked,
  AccountUnlocked: accountUnlocked,
  AccountSuspended: accountSuspended,
  AccountReinstated: accountReinstated,
  ResetRequested: resetRequested,
  ResetRequestDeclined: resetRequestDeclined,
  PasswordReset: passwordReset,
  PasswordResetRepudiated: passwordResetRepudiated,
  RecoveryBlocked: recoveryBlocked,
  RecoveryUnblocked: recoveryUnblocked,
  PasswordChanged: passwordChanged,
  SecurityQuestionsChanged: securityQuestionsChanged,
  ContactEmailChangeRequested: contactEmailChangeRequested,
  ContactEmailChanged: contactEmailChanged,
  ContactEmailRestored: contactEmailRestored,
  LegacySynced: legacySynced,
  RemovedFromTradeAccount: removedFromTradeAccount,
  LegacyRetirementNoticeRequested: legacyRetirementNotice,
} satisfies { [T in AccountEvent['type']]?: Writer<T> };

export type MailedType = keyof typeof writers;
