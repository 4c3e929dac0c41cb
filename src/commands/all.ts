import { AcceptInvitationHandler } from './accept-invitation.js';
import { AnswerOwnerReplacementHandler } from './answer-owner-replacement.js';
import { ApproveOwnerReplacementHandler } from './approve-owner-replacement.js';
import { AttachEvidenceHandler } from './attach-evidence.js';
import { ChangeContactEmailHandler } from './change-contact-email.js';
import { ChangePasswordHandler } from './change-password.js';
import { ChangeSecurityQuestionsHandler } from './change-security-questions.js';
import { ConfirmPasswordHandler } from './confirm-password.js';
import { ConfirmRegistrationHandler } from './confirm-registration.js';
import { ContinueSessionHandler } from './continue-session.js';
import { CreateIndividualUserHandler } from './create-individual-user.js';
import { EndSessionsHandler } from './end-sessions.js';
import { ExpireDeadlinesHandler } from './expire-deadlines.js';
import { GrantRoleHandler } from './grant-role.js';
import { InviteStaffHandler } from './invite-staff.js';
import { IssueLegacyHandoffHandler } from './issue-legacy-handoff.js';
import { ListTradeAccountUsersHandler } from './list-trade-account-users.js';
import { OpenTradeAccountHandler } from './open-trade-account.js';
import { RecordAccessHandler } from './record-access.js';
import { RedeemLegacyHandoffHandler } from './redeem-legacy-handoff.js';
import { RegisterAccountHandler } from './register-account.js';
import { ReinstateAccountHandler } from './reinstate-account.js';
import { RemoveTradeAccountUserHandler } from './remove-trade-account-user.js';
import { RepudiateHandler } from './repudiate.js';
import { RequestContactEmailChangeHandler } from './request-contact-email-change.js';
import { RequestLegacyResetHandler } from './request-legacy-reset.js';
import { RequestResetHandler } from './request-reset.js';
import { ResetPasswordHandler } from './reset-password.js';
import { RetireLegacyPortalHandler } from './retire-legacy-portal.js';
import { ReviewOwnerReplacementHandler } from './review-owner-replacement.js';
import { RevokeRoleHandler } from './revoke-role.js';
import { SetLegacyPasswordHandler } from './set-legacy-password.js';
import { SendLegacyLogoutHandler } from './send-legacy-logout.js';
import { ReadEvidenceHandler, ShowOwnerReplacementHandler } from './show-owner-replacement.js';
import { ShowLegacyAccountHandler } from './show-legacy-account.js';
import { ShowResetQuestionsHandler } from './show-reset-questions.js';
import { SignInHandler } from './sign-in.js';
import { SubmitOwnerReplacementHandler } from './submit-owner-replacement.js';
import { SuspendAccountHandler } from './suspend-account.js';
import { SyncLegacyAccountHandler } from './sync-legacy-account.js';
import { TellLegacyRetirementHandler } from './tell-legacy-retirement.js';
import { UnblockRecoveryHandler } from './unblock-recovery.js';
import { UnlockAccountHandler } from './unlock-account.js';
import { WithdrawOwnerReplacementHandler } from './withdraw-owner-replacement.js';

/** Every handler of a command, and of the questions that are asked of the log itself. */
export const commandHandlers = [
  AcceptInvitationHandler,
  AnswerOwnerReplacementHandler,
  ApproveOwnerReplacementHandler,
  AttachEvidenceHandler,
  ChangeContactEmailHandler,
  ChangePasswordHandler,
  ChangeSecurityQuestionsHandler,
  ConfirmPasswordHandler,
  ConfirmRegistrationHandler,
  ContinueSessionHandler,
  CreateIndividualUserHandler,
  EndSessionsHandler,
  ExpireDeadlinesHandler,
  GrantRoleHandler,
  InviteStaffHandler,
  IssueLegacyHandoffHandler,
  ListTradeAccountUsersHandler,
  OpenTradeAccountHandler,
  ReadEvidenceHandler,
  RecordAccessHandler,
  RedeemLegacyHandoffHandler,
  RegisterAccountHandler,
  ReinstateAccountHandler,
  RemoveTradeAccountUserHandler,
  RepudiateHandler,
  RequestContactEmailChangeHandler,
  RequestLegacyResetHandler,
  RequestResetHandler,
  ResetPasswordHandler,
  RetireLegacyPortalHandler,
  ReviewOwnerReplacementHandler,
  RevokeRoleHandler,
  SetLegacyPasswordHandler,
  ShowLegacyAccountHandler,
  SendLegacyLogoutHandler,
  ShowOwnerReplacementHandler,
  ShowResetQuestionsHandler,
  SignInHandler,
  SubmitOwnerReplacementHandler,
  SuspendAccountHandler,
  SyncLegacyAccountHandler,
  TellLegacyRetirementHandler,
  UnblockRecoveryHandler,
  UnlockAccountHandler,
  WithdrawOwnerReplacementHandler,
];
