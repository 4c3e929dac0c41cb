import { z } from 'zod';
import { defineEvents, sealed, type NewEvent } from '../events.js';
import { PERMISSION_LENGTH_MAX, PERMISSIONS_MAX, tradeAccountType } from '../trade-account/events.js';
import { passwordLinkEvents } from './password-link-events.js';
import { legacyStatus, TRADE_ACCOUNTS_MAX } from './record.js';

const instant = z.int().nonnegative();
const text = (lengthMax: number) => sealed(z.string().max(lengthMax));
const accountId = z.string().min(1).max(64);
const ticketId = z.string().min(1).max(64);
const sessionId = z.string().min(1).max(64);
const logoutId = z.string().min(1).max(64);

export const logoutCause = z.enum(['SessionEnded', 'Locked', 'Suspended', 'AccountEnded']);
export type LogoutCause = z.infer<typeof logoutCause>;

/** Refused: it answered that the logout is none. Faulty: it answered anything else that is not agreed. */
export const logoutTrouble = z.enum(['Refused', 'Faulty', 'TimedOut', 'Unreachable']);
export type LogoutTrouble = z.infer<typeof logoutTrouble>;

/** Access to trade accounts, as the legacy portal gives it. */
export const legacyAccess = z
  .array(
    z.object({
      type: tradeAccountType,
      number: z.string().max(50),
      owner: z.boolean(),
      permissions: z.array(z.string().max(PERMISSION_LENGTH_MAX)).max(PERMISSIONS_MAX),
    }),
  )
  .max(TRADE_ACCOUNTS_MAX);

/** Where it was read: the file, by a hash of its bytes, and the line. */
const row = z.object({ file: z.string().max(64), line: z.int().min(1) });
export type SourceRow = z.infer<typeof row>;

/** Sealed with a key of the legacy account's own: whose account it becomes, nobody knows yet. */
const entry = {
  /** Missing where the legacy portal itself told it. */
  row: row.optional(),
  status: legacyStatus,
  legacyUserId: text(64),
  /** Missing where the legacy portal is asked, which keeps it to itself. */
  passwordHash: sealed(z.string().max(512).optional()),
  givenName: text(200),
  familyName: text(200),
  email: text(254),
  company: text(200),
  tradeAccounts: sealed(legacyAccess),
};

/** The invitation that it comes from, and what an import would tell of a legacy account. */
const individualUser = {
  userId: z.string().min(1).max(64),
  createdBy: accountId,
  tradeAccountId: z.string().min(1).max(64),
  legacyUserId: text(64),
  givenName: text(200),
  familyName: text(200),
  email: text(254),
  company: text(200),
  tradeAccounts: sealed(legacyAccess),
};

export const releaseCause = z.enum(['AccountSyncedElsewhere', 'AccountEnded']);
export type ReleaseCause = z.infer<typeof releaseCause>;

export const legacyAccountEvents = defineEvents({
  LegacyAccountImported: entry,
  LegacyAccountChanged: entry,
  /** `shut` after too many failures: no password is compared then. No `until`: not before the account has another password. */
  LegacyCredentialRefused: {
    failures: z.int(),
    shut: z.object({ until: instant.optional() }).optional(),
  },
  /** For ever, once the account has its `LegacySynced`. */
  LegacyAccountClaimed: { accountId },
  /** The account that claimed it can never be synced with it. */
  LegacyClaimReleased: { accountId, cause: releaseCause },
  /** A ticket into the legacy portal, from a session of the account. */
  LegacyHandoffIssued: { ticketId, accountId, sessionId, expiresAt: instant },
  /** The legacy portal has taken it, and opened a session. */
  LegacyHandoffRedeemed: { ticketId },
  ...passwordLinkEvents,
  /** Made here, by the owner of a trade account: a legacy account without a password, for somebody who shared a login so far. */
  IndividualUserCreated: individualUser,
  /** The owner took it back, or did not own any more: it can never be synced. */
  IndividualUserRevoked: {},
  /** The legacy portal is to end the session that it opened for this one. */
  LegacyLogoutRequested: { logoutId, accountId, sessionId, cause: logoutCause, forEvent: z.string().max(64) },
  LegacyLogoutAcknowledged: { logoutId },
  /** It did not say that it has. `failures` counts them, this one included; the next try is not before `tryAt`. */
  LegacyLogoutFailed: { logoutId, trouble: logoutTrouble, failures: z.int().min(1), tryAt: instant },
  /** By now the legacy portal has ended the session by itself. */
  LegacyLogoutLapsed: { logoutId },
});

export type LegacyAccountEvent = NewEvent<typeof legacyAccountEvents>;
