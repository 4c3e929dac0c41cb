import { GetAccountHandler, ListDueAccountsHandler } from './account-view.js';
import { ListHistoryHandler } from './account-history.js';
import { ReadAccountEventsHandler, ReadLogEventsHandler } from './audit-trail.js';
import { ListLegacySyncFailuresHandler } from './legacy-sync-failures.js';
import { ListOwnerReplacementsHandler } from './owner-replacements.js';
import { ListTradeAccountsHandler } from './trade-account-access.js';

/** Every handler of a query. */
export const queryHandlers = [
  GetAccountHandler,
  ListDueAccountsHandler,
  ListHistoryHandler,
  ListLegacySyncFailuresHandler,
  ListOwnerReplacementsHandler,
  ListTradeAccountsHandler,
  ReadAccountEventsHandler,
  ReadLogEventsHandler,
];
