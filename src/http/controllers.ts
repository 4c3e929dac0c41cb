import { AccountsController } from './accounts.controller.js';
import { AuditController } from './audit.controller.js';
import { HealthController } from './health.controller.js';
import { HelpController } from './help.controller.js';
import { LegacyHandoffsController } from './legacy-handoffs.controller.js';
import { LegacyLogoutsController } from './legacy-logouts.controller.js';
import { LegacyPagesController } from './pages/legacy-pages.controller.js';
import { LegacySyncsController } from './legacy-syncs.controller.js';
import { MailedReplacementsController } from './mailed-replacements.controller.js';
import { MeController } from './me.controller.js';
import { OwnReplacementsController } from './own-replacements.controller.js';
import { PagesController } from './pages/pages.controller.js';
import { PasswordResetsController } from './password-resets.controller.js';
import { ReferencesController } from './references.controller.js';
import { RegistrationsController } from './registrations.controller.js';
import { ReplacementLinksController } from './replacement-links.controller.js';
import { ReplacementReviewsController } from './replacement-reviews.controller.js';
import { RulesController } from './rules.controller.js';
import { SessionsController } from './sessions.controller.js';
import { SigningKeysController } from './signing-keys.controller.js';
import { TradeAccountsController } from './trade-accounts.controller.js';

/** Every route. */
export const controllers = [
  AccountsController,
  AuditController,
  HealthController,
  HelpController,
  LegacyHandoffsController,
  LegacyLogoutsController,
  LegacyPagesController,
  LegacySyncsController,
  MailedReplacementsController,
  MeController,
  OwnReplacementsController,
  PagesController,
  PasswordResetsController,
  ReferencesController,
  RegistrationsController,
  ReplacementLinksController,
  ReplacementReviewsController,
  RulesController,
  SessionsController,
  SigningKeysController,
  TradeAccountsController,
];
