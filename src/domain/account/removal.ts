import type { AccountDecision } from './state.js';
import type { AccountEventOf } from './events.js';

/** Tells the account's owner that an Account Owner removed it from a trade account; once for each removal. */
export const tellOfRemoval =
  (data: AccountEventOf<'RemovedFromTradeAccount'>['data']): AccountDecision =>
  (account) =>
    account.status === 'Registered' && !account.removals.includes(data.removalId)
      ? [{ type: 'RemovedFromTradeAccount', data }]
      : [];
