import { GetAccountHandler, ListDueAccountsHandler } from './account-view.js';
import { ListHistoryHandler } from './account-history.js';
import { ReadAccountEventsHandler, ReadLogEventsHandler } from './audit-trail.js';
import { ListLegacySyncFailuresHandler } from './legacy-sync-failures.js';
import {
  CountLegacyLogoutsHandler,
  ListDueLegacyLogoutsHandler,
  ListLegacyLogoutsHandler,
} from './legacy-logouts.js';
import { CountUnsentNoticesHandler, ListUntoldAccountsHandler } from './legacy-retirement-notices.js';
import { ListOwnerReplacementsHandler } from './owner-replacements.js';
import { ListTradeAccountsHandler } from './trade-account-access.js';

/** Every handler of a query. */
export const queryHandlers = [
  CountLegacyLogoutsHandler,
  CountUnsentNoticesHandler,
  GetAccountHandler,
  ListDueAccountsHandler,
  ListDueLegacyLogoutsHandler,
  ListHistoryHandler,
  ListLegacySyncFailuresHandler,
  ListLegacyLogoutsHandler,
  ListOwnerReplacementsHandler,
  ListTradeAccountsHandler,
  ListUntoldAccountsHandler,
  ReadAccountEventsHandler,
  ReadLogEventsHandler,
];
