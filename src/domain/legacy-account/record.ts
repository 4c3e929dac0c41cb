import { z } from 'zod';
import { PERMISSIONS_MAX, tradeAccountType } from '../trade-account/events.js';

export const legacyStatus = z.enum(['Active', 'Inactive', 'NotInGoodStanding']);
export type LegacyStatus = z.infer<typeof legacyStatus>;

const CONTROLS = /^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u;
const line = (lengthMax: number) =>
  z.string().trim().max(lengthMax).regex(CONTROLS, 'must not contain control characters');

/** Access to one trade account: by what number the trade knows it, and what its user may do there. */
export const legacyTradeAccount = z.strictObject({
  type: tradeAccountType,
  number: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 -]{0,38}[A-Za-z0-9]$/, 'must be 2 to 40 letters, digits, spaces, hyphens'),
  owner: z.boolean(),
  permissions: z
    .array(z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/, 'must be one word'))
    .max(PERMISSIONS_MAX),
});
export type LegacyTradeAccount = z.infer<typeof legacyTradeAccount>;

export const TRADE_ACCOUNTS_MAX = 500;

/** Visible ASCII, and told apart without case. */
export const legacyUserId = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 visible ASCII characters');

/** Two spellings of one legacy user id. */
export const canonicalLegacyUserId = (userId: string): string => userId.trim().toLowerCase();

/** An account of the legacy portal, without its password: what the portal answers, and what a line of an import holds. */
export const legacyProfile = z.strictObject({
  legacyUserId,
  status: legacyStatus,
  givenName: line(200),
  familyName: line(200),
  email: line(254),
  company: line(200),
  tradeAccounts: z.array(legacyTradeAccount).max(TRADE_ACCOUNTS_MAX),
});
export type LegacyProfile = z.infer<typeof legacyProfile>;

/** One line of an import. */
export const legacyRecord = legacyProfile.extend({ passwordHash: z.string().trim().min(1).max(512) });
export type LegacyRecord = z.infer<typeof legacyRecord>;
