import { z } from 'zod';
import { defineEvents, sealed, type NewEvent, type PastEvent } from '../events.js';
import { legacyAccess } from '../legacy-account/events.js';
import { tradeAccountType } from '../trade-account/events.js';
import { passwordPolicyName } from './password-policy.js';

/** Milliseconds since 1970. */
const instant = z.int().nonnegative();
const id = z.string().min(1).max(64);
/** A keyed hash of an address: names the claim's stream and finds the account, and tells nobody the address. */
const emailKey = z.string().min(1).max(64);
const text = (lengthMax: number) => sealed(z.string().max(lengthMax));
const email = text(254);
const name = text(200);
const reason = text(1000);
const passwordHash = text(512);
const client = sealed(z.object({ address: z.string().max(64), agent: z.string().max(200) }));
const questions = sealed(
  z.object({ ids: z.array(z.string().max(64)).length(3), answersHash: z.string().max(512) }),
);

export const role = z.enum([
  'specialist',
  'fieldOfficeManager',
  'dutyOfficer',
  'auditor',
  'applicationTeam',
  'serviceDesk',
]);
export const lockCause = z.enum(['TooManyFailures', 'PasswordDisabled']);
export const suspensionCause = z.enum(['OfficerDecision', 'SecurityConcern', 'CompanyStatus']);
export const shutCause = z.enum(['Locked', 'Suspended', 'RecoveryBlocked']);

export const accountEvents = defineEvents({
  AccountRegistered: {
    email,
    emailKey,
    givenName: name,
    familyName: name,
    passwordHash,
    policy: passwordPolicyName,
    questions,
    linkId: id,
    expiresAt: instant,
  },
  /** Somebody registered an address that has this account already: its owner is told, the other is not. */
  RegistrationAttempted: {},
  ConfirmationLinkRequested: { linkId: id },
  ConfirmationRefused: { failures: z.int() },
  EmailConfirmed: {},
  RegistrationExpired: { cause: z.enum(['Deadline', 'TooManyFailures']) },
  /** The claim on the address was taken over before this account came to be. */
  RegistrationAbandoned: {},

  StaffInvited: { email, emailKey, givenName: name, familyName: name, role, linkId: id, expiresAt: instant },
  InvitationAccepted: { passwordHash, policy: passwordPolicyName, questions },
  RoleGranted: { role, reason },
  RoleRevoked: { role, reason },

  LoginSucceeded: {
    session: z.object({ id, tokenHash: z.string().max(64), expiresAt: instant }),
    methods: z.array(z.enum(['password', 'totp'])),
    aal: z.int().min(1).max(3),
    client,
  },
  LoginFailed: { failures: z.int(), client },
  /** No `until`: only an officer ends it. */
  AccountLocked: { cause: lockCause, failures: z.int(), until: instant.optional() },
  LockExpired: {},
  AccountUnlocked: { reason },
  AccountSuspended: {
    suspensionId: id,
    cause: suspensionCause,
    reason,
    statusEventId: id.optional(),
  },
  AccountReinstated: { suspensionId: id, cause: suspensionCause, reason },
  SessionContinued: { session: id },
  PasswordConfirmed: { session: id },
  SessionEnded: {
    session: id,
    cause: z.enum(['SignedOut', 'EndedByOwner', 'Replaced', 'Expired', 'AccountOwnerReplaced']),
  },

  ResetRequested: { resetId: id },
  ResetRequestDeclined: { causes: z.array(shutCause) },
  ResetLinkSent: { resetId: id, expiresAt: instant, messageId: z.string().max(200), forRevision: z.int() },
  ResetAnswersRefused: { resetId: id, refusals: z.int() },
  ResetLinkRevoked: {
    resetId: id,
    cause: z.enum([
      'AnswersRefused',
      'PasswordChanged',
      'QuestionsChanged',
      'EmailChanged',
      'Repudiated',
      'RecoveryBlocked',
    ]),
  },
  ResetLinkExpired: { resetId: id },
  PasswordReset: { resetId: id, passwordHash, policy: passwordPolicyName },
  PasswordResetRepudiated: { resetId: id },
  RecoveryBlocked: { cause: z.enum(['AnswersRefused', 'Repudiated']), refusals: z.int() },
  RecoveryUnblocked: { reason },

  /** `session` goes on; all others end. */
  PasswordChanged: { passwordHash, policy: passwordPolicyName, session: id },
  PasswordRehashed: { passwordHash },
  SecurityQuestionsChanged: { questions },
  /** `held` is false when somebody else holds the address: the change then waits in vain, so that nobody learns of it. */
  ContactEmailChangeRequested: { changeId: id, email, emailKey, held: z.boolean(), expiresAt: instant },
  ContactEmailChangeExpired: { changeId: id, emailKey, held: z.boolean() },
  /** The former address stays claimed until `formerKeptUntil`, and can be restored until then. */
  ContactEmailChanged: { changeId: id, email, emailKey, formerEmailKey: emailKey, formerKeptUntil: instant },
  /** The former owner is back; whoever changed the address knew the password, which so counts no longer. */
  ContactEmailRestored: { changeId: id, email, emailKey, refusedEmailKey: emailKey },
  FormerEmailReleased: { changeId: id, emailKey },

  /** For ever: `legacyAccountId` names the stream of the legacy account, `asOf` says when that was told of last. */
  LegacySynced: {
    legacyAccountId: id,
    legacyUserId: text(64),
    company: name,
    tradeAccounts: sealed(legacyAccess),
    asOf: instant,
    /** Which telling of the legacy account that was, from 1. */
    version: z.int().min(1).optional(),
  },
  /** All its trade accounts know the account. */
  LegacyAccessBroughtOver: { legacyAccountId: id },
  /** The trade account's owner took the access to it away, which its own stream says: here so that its user is told. */
  RemovedFromTradeAccount: {
    removalId: id,
    tradeAccountId: id,
    type: tradeAccountType,
    number: text(50),
    companyName: text(200),
  },
  /** Its owner is to be told of the legacy portal's retirement; without `retiresAt`, that it was called off. */
  LegacyRetirementNoticeRequested: { notice: z.int().min(1), retiresAt: instant.optional() },

  NoticeSent: { forEvent: id, forRevision: z.int(), messageId: z.string().max(200) },
  /** The mail server refused the notice for good. */
  NoticeRefused: { forEvent: id, forRevision: z.int() },
  PersonErased: {},
});

export type AccountEvent = NewEvent<typeof accountEvents>;
export type PastAccountEvent = PastEvent<typeof accountEvents>;
export type AccountEventOf<T extends AccountEvent['type']> = Extract<AccountEvent, { type: T }>;
export type Role = z.infer<typeof role>;
export type LockCause = z.infer<typeof lockCause>;
export type SuspensionCause = z.infer<typeof suspensionCause>;
export type ShutCause = z.infer<typeof shutCause>;
export type PasswordPolicyName = z.infer<typeof passwordPolicyName>;
export type Client = z.infer<typeof client>;
export type Questions = z.infer<typeof questions>;
