import { z } from 'zod';
import { tradeAccountType } from '../domain/trade-account/events.js';
import { referencesOfAccount } from './help-answers.js';

/** What goes out about trade accounts, as /api/openapi.json tells it. */

export const tradeAccounts = z.strictObject({
  tradeAccounts: z.array(
    z.strictObject({
      tradeAccountId: z.uuid(),
      type: tradeAccountType,
      number: z.string().nullable(),
      companyName: z.string().nullable(),
      isOwner: z.boolean(),
      permissions: z.array(z.string()),
      references: referencesOfAccount.describe('What its page leads to'),
    }),
  ),
  next: z.string().nullable(),
});

export const userAccess = z.strictObject({
  where: z.enum(['legacy', 'portal']).describe('In the legacy ACE Portal, or here'),
  steps: z.array(z.string()),
  legacyPortal: z.string().nullable().describe('Link; none where users are created here'),
  guide: z.string().nullable().describe('Link of the Managing User Access training guide'),
});

export const tradeAccountUser = z.strictObject({
  userId: z.uuid(),
  state: z.enum(['active', 'pending']).describe('Pending: created, and not synced yet'),
  isOwner: z.boolean(),
  givenName: z.string().nullable(),
  familyName: z.string().nullable(),
  email: z.string().nullable().describe('As you typed it; none for users whom you did not create'),
  legacyUserId: z.string().nullable().describe('Likewise'),
  permissions: z.array(z.string()),
  since: z.iso.datetime(),
});

export const tradeAccountUsers = z.strictObject({
  users: z.array(tradeAccountUser),
  next: z.string().nullable(),
});
