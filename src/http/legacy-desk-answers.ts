import { z } from 'zod';
import { linkPurpose } from '../domain/legacy-account/password-link-events.js';
import { legacyStatus } from '../domain/legacy-account/record.js';
import { tradeAccountType } from '../domain/trade-account/events.js';

/** What goes out to the ACE Service Desk, as /api/openapi.json tells it. */

const instant = z.iso.datetime();
const text = z.string().nullable();
const legacyAccountId = z.string().describe('A keyed hash of the user id');

const failedSyncs = z.strictObject({
  inARow: z.int(),
  sinceLastSuccess: z.int(),
  shut: z.boolean().describe('Whether no password is compared now, after too many wrong ones'),
  shutUntil: instant.nullable().describe('null while shut: until there is another password'),
});
const openReset = z
  .strictObject({
    purpose: linkPurpose,
    requestedAt: instant,
    sentAt: instant.nullable().describe('null: it waits, or the mail server refused that address'),
    expiresAt: instant.nullable(),
  })
  .nullable();
const resets = {
  maskedEmail: text.describe('Where a reset link goes: enough to confirm it, not to learn it'),
  openReset,
  resetForwardedAt: instant
    .nullable()
    .describe('When the legacy portal, which keeps the passwords, was asked'),
};

export const legacyAccount = z.strictObject({
  legacyAccountId,
  legacyUserId: text,
  status: z.enum([...legacyStatus.options, 'NotKnownHere']),
  givenName: text,
  familyName: text,
  company: text,
  ...resets,
  asOf: instant.nullable().describe('When the legacy portal last told it'),
  synced: z.strictObject({ accountId: z.string(), at: instant.nullable() }).nullable(),
  tradeAccounts: z.array(z.strictObject({ type: tradeAccountType, number: z.string() })),
  failedSyncs,
});

export const resetRequested = z.strictObject({
  legacyAccountId,
  ...resets,
  nextSteps: z.array(z.string()),
});

export const syncFailures = z.strictObject({
  failures: z.array(
    z.strictObject({
      legacyAccountId,
      legacyUserId: text.describe('null: its person was erased, or nothing of it is known here'),
      lastFailedAt: instant,
      synced: z.boolean(),
      ...failedSyncs.shape,
    }),
  ),
  next: text,
});
