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
