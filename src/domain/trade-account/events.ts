import { z } from 'zod';
import { defineEvents, sealed, type NewEvent } from '../events.js';

const id = z.string().min(1).max(64);
/** The legacy portal says so, as of that telling of the account's legacy account. Missing: it was decided here. */
const legacyVersion = z.int().nonnegative().optional();
export const PERMISSION_LENGTH_MAX = 64;
export const PERMISSIONS_MAX = 200;

export const tradeAccountType = z.enum([
  'Broker',
  'Importer',
  'Carrier',
  'FTZ',
  'FacilityOperator',
  'Surety',
  'Exporter',
  'ProtestFiler',
]);

export const tradeAccountEvents = defineEvents({
  /** Sealed by a data key of its own: the number of a one-person company is that person's. No `owner`: the owner has not come over
   *  from the legacy portal yet. */
  TradeAccountOpened: {
    type: tradeAccountType,
    number: sealed(z.string().max(50)),
    companyName: sealed(z.string().max(200)),
    owner: id.optional(),
  },
  /** The owner came over after other users. */
  AccountOwnerNamed: { owner: id },
  /** All that the account may do there: what was granted before is replaced. */
  UserAccessGranted: {
    accountId: id,
    permissions: z.array(z.string().max(PERMISSION_LENGTH_MAX)).max(PERMISSIONS_MAX),
    legacyVersion,
  },
  UserAccessRevoked: { accountId: id, legacyVersion },
  /** The owner has an individual user created: `legacyAccountId` names the stream that says who it is, and with whose password the
   *  access can be brought over. `emailKey` is a keyed hash of the address. */
  IndividualUserInvited: {
    userId: id,
    legacyAccountId: id,
    emailKey: id,
    invitedBy: id,
    permissions: z.array(z.string().max(PERMISSION_LENGTH_MAX)).max(PERMISSIONS_MAX),
  },
  /** The individual user synced, and is a user with an account from now on. */
  IndividualUserJoined: { userId: id, accountId: id },
  /** By the owner. Without `accountId` the user had not joined yet; with it `UserAccessRevoked` follows. */
  UserRemoved: {
    removalId: id,
    userId: id,
    removedBy: id,
    accountId: id.optional(),
    legacyAccountId: id.optional(),
  },
  /** `from` is missing where no owner had come over. */
  AccountOwnerReplaced: { from: id.optional(), to: id, applicationId: id },
});

export type TradeAccountType = z.infer<typeof tradeAccountType>;
export type TradeAccountEvent = NewEvent<typeof tradeAccountEvents>;
