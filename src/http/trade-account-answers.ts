import { z } from 'zod';
import { tradeAccountType } from '../domain/trade-account/events.js';

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
    }),
  ),
  next: z.string().nullable(),
});
