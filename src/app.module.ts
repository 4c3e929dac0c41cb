import { Module, type DynamicModule, type INestApplicationContext, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { PassportModule } from '@nestjs/passport';
import { ScheduleModule } from '@nestjs/schedule';
import { Argon2Hasher } from './adapters/argon2-hasher.js';
import { MemoryClientLimits } from './adapters/client-limits.js';
import { LegacyHashes } from './adapters/legacy-hashes.js';
import { LegacyLogoutClient, NoLegacyLogouts } from './adapters/legacy-logout-client.js';
import { LegacyPortalClient } from './adapters/legacy-portal-client.js';
import { LegacyResetClient } from './adapters/legacy-reset-client.js';
import { Mailbox } from './adapters/mail/mailbox.js';
import { NoMailer } from './adapters/mail/no-mailer.js';
import { SmtpMailer } from './adapters/mail/smtp-mailer.js';
import { RandomIds, SystemClock } from './adapters/system.js';
import { ZxcvbnJudge } from './adapters/zxcvbn-judge.js';
import { AccountRules } from './commands/account-rules.js';
import { Emails } from './commands/emails.js';
import { EvidenceFiles } from './commands/evidence-files.js';
import { ReplacementRules } from './commands/replacement-rules.js';
import { PlacesForReplacements } from './commands/replacement-places.js';
import { ReplacementSettlement } from './commands/replacement-settlement.js';
import { HandoffTickets, type HandoffTarget } from './commands/handoff-tickets.js';
import { IndividualUsers } from './commands/individual-users.js';
import { LegacyChanges } from './commands/legacy-changes.js';
import { LegacyClaims } from './commands/legacy-claims.js';
import {
  AskedLegacyCredentials,
  ImportedLegacyCredentials,
  LegacyCredentials,
} from './commands/legacy-credentials.js';
import { AskedLegacyResets, LegacyResets, MailedLegacyResets } from './commands/legacy-resets.js';
import { LegacyLogoutTokens } from './commands/legacy-logout-tokens.js';
import { LegacyPortalState } from './commands/legacy-portal-state.js';
import { LegacyDirectory } from './commands/legacy-directory.js';
import { MailedLinks } from './commands/mailed-link.js';
import { SecretChecks } from './commands/secret-checks.js';
import { TradeAccounts } from './commands/trade-accounts.js';
import { commandHandlers } from './commands/all.js';
import type { Config } from './config.js';
import { engineProviders, MASTER_KEYS, Shutdown } from './engine-providers.js';
import { SigningKeys } from './engine/signing-keys.js';
import { deriveKey, type MasterKey } from './engine/secrets.js';
import { Keyring } from './engine/sealing.js';
import { Streams } from './engine/streams.js';
import { AccessGuard } from './http/access-guard.js';
import { AskedOften } from './http/asked-often.js';
import { Authentication } from './http/authentication.js';
import { CommandContexts } from './http/command-context.js';
import { controllers } from './http/controllers.js';
import { Contacts } from './http/contacts.js';
import { FreshViews } from './http/fresh-views.js';
import { LegacyPortalAuthentication } from './http/legacy-portal-authentication.js';
import { Metrics } from './http/admin/metrics.js';
import { PageRenderer } from './http/pages/page-renderer.js';
import { PasswordGuard, PasswordStrategy } from './http/password-strategy.js';
import { PortalKeys } from './http/portal-keys.js';
import { PortalReferences } from './http/portal-references.js';
import { ErrorLog } from './http/problem-filter.js';
import { PublicOrigin } from './http/public-origin.js';
import { Readiness } from './http/readiness.js';
import { ReplacementCommands } from './http/replacement-commands.js';
import { ShownReferences } from './http/shown-references.js';
import { UndeclaredInput } from './http/undeclared-input.js';
import { UserAccess } from './http/user-access.js';
import { ExpireDeadlinesJob } from './jobs/expire-deadlines.js';
import { JobLog } from './jobs/job-log.js';
import { RetryLegacyLogoutsJob } from './jobs/retry-legacy-logouts.js';
import { TellLegacyRetirementJob } from './jobs/tell-legacy-retirement.js';
import {
  BlobStore,
  ClientLimits,
  Clock,
  EventStore,
  Ids,
  KeyStore,
  LegacyLogouts,
  LegacySecrets,
  Mailer,
  PasswordJudge,
  ReadStore,
  SecretHasher,
} from './ports.js';
import { queryHandlers } from './projections/handlers.js';
import { ServiceLog } from './service-log.js';
import type { Stores, WorkerUrls } from './stores.js';

/** What tests put in the place of an adapter. */
export interface Replacements {
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly mailer?: Mailer;
  readonly hasher?: SecretHasher;
  readonly urls?: WorkerUrls;
  /** Runs once the log is marked, before anything follows it or listens. */
  readonly beforeStart?: (app: INestApplicationContext) => Promise<void>;
}

/** The whole composition: the only place that picks adapters. */
@Module({})
export class AppModule {
  static compose(
    config: Config,
    stores: Stores,
    log: ServiceLog,
    replacements: Replacements = {},
  ): DynamicModule {
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot(), PassportModule, ScheduleModule.forRoot()],
      controllers,
      providers: [
        ...adapters(config, stores, log, replacements),
        ...engineProviders(config, stores, log, replacements.urls),
        ...services(config),
        ...commandHandlers,
        ...queryHandlers,
        Authentication,
        AskedOften,
        CommandContexts,
        FreshViews,
        LegacyPortalAuthentication,
        Metrics,
        PageRenderer,
        PasswordGuard,
        PasswordStrategy,
        Readiness,
        ReplacementCommands,
        ShownReferences,
        ExpireDeadlinesJob,
        TellLegacyRetirementJob,
        RetryLegacyLogoutsJob,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_GUARD, useClass: UndeclaredInput },
        Shutdown,
      ],
    };
  }
}

function adapters(config: Config, stores: Stores, log: ServiceLog, replaced: Replacements): Provider[] {
  const clock = replaced.clock ?? new SystemClock();
  const cost = { memoryKiB: config.HASH_MEMORY_KIB, passes: config.HASH_PASSES };
  const allowances = { failures: config.CLIENT_FAILURES_MAX, requests: config.CLIENT_REQUESTS_MAX };
  const pepper = deriveKey(config.ADDRESS_KEY, 'pepper');
  return [
    { provide: EventStore, useValue: stores.events },
    { provide: BlobStore, useValue: stores.blobs },
    { provide: KeyStore, useValue: stores.keys },
    { provide: ReadStore, useValue: stores.views },
    { provide: Clock, useValue: clock },
    { provide: Ids, useValue: replaced.ids ?? new RandomIds() },
    { provide: SecretHasher, useValue: replaced.hasher ?? new Argon2Hasher(cost, pepper) },
    {
      provide: LegacySecrets,
      inject: [SecretHasher],
      useFactory: (hasher: SecretHasher) => new LegacyHashes(config.UNIFORM_ANSWER_MS, hasher),
    },
    { provide: LegacyLogouts, useFactory: () => legacyLogouts(config) },
    { provide: PasswordJudge, useClass: ZxcvbnJudge },
    { provide: Mailer, useValue: replaced.mailer ?? mailerFor(config, clock) },
    {
      provide: ClientLimits,
      useValue: stores.shared?.limits(allowances, clock) ?? new MemoryClientLimits(allowances, clock),
    },
    { provide: ServiceLog, useValue: log },
    { provide: ErrorLog, useExisting: ServiceLog },
    { provide: JobLog, useExisting: ServiceLog },
  ];
}

function mailerFor(config: Config, clock: Clock): Mailer {
  if (config.SMTP_URL !== undefined) return new SmtpMailer({ url: config.SMTP_URL, from: config.MAIL_FROM });
  return config.MODE === 'demo' ? new Mailbox(clock) : new NoMailer();
}

function services(config: Config): Provider[] {
  const hour = 3_600_000;
  const minute = 60_000;
  const rules: AccountRules = {
    lockout: { failuresMax: config.LOCKOUT_FAILURES, lockMs: config.LOCKOUT_MINUTES * minute },
    passwordPolicy: config.PASSWORD_POLICY,
    sessionMs: 24 * hour,
    sessionIdleMs: hour,
    staffSessionMs: 12 * hour,
    staffSessionIdleMs: 30 * minute,
  };
  const contacts: Contacts = {
    specialistAndFieldOffice: config.CONTACT_SPECIALIST,
    dutyOfficer: config.CONTACT_DUTY_OFFICER,
  };
  return [
    { provide: AccountRules, useValue: rules },
    { provide: Contacts, useValue: contacts },
    { provide: PortalReferences, useValue: { all: config.REFERENCES } satisfies PortalReferences },
    { provide: UserAccess, useValue: userAccess(config) },
    { provide: PublicOrigin, useValue: { value: new URL(config.PUBLIC_URL).origin } satisfies PublicOrigin },
    { provide: PortalKeys, useValue: new PortalKeys(config.MASTER_KEY) },
    {
      provide: MailedLinks,
      inject: [MASTER_KEYS],
      useFactory: ([current, ...older]: [MasterKey, ...MasterKey[]]) =>
        new MailedLinks(current, older, config.PUBLIC_URL),
    },
    {
      provide: Emails,
      inject: [Streams, Clock],
      useFactory: (streams: Streams, clock: Clock) => new Emails(config.ADDRESS_KEY, streams, clock),
    },
    {
      provide: ReplacementRules,
      useValue: { ownerWaitMs: config.OWNER_CHANGE_WAIT_HOURS * hour } satisfies ReplacementRules,
    },
    {
      provide: ReplacementSettlement,
      inject: [Streams],
      useFactory: (streams: Streams) => new ReplacementSettlement(streams),
    },
    {
      provide: PlacesForReplacements,
      inject: [Streams, Ids, Clock],
      useFactory: (streams: Streams, ids: Ids, clock: Clock) =>
        new PlacesForReplacements(streams, ids, clock),
    },
    {
      provide: EvidenceFiles,
      inject: [BlobStore, Keyring],
      useFactory: (blobs: BlobStore, keyring: Keyring) => new EvidenceFiles(blobs, keyring),
    },
    { provide: TradeAccounts, useValue: new TradeAccounts(config.ADDRESS_KEY) },
    {
      provide: LegacyDirectory,
      inject: [Streams, Keyring],
      useFactory: (streams: Streams, keyring: Keyring) =>
        new LegacyDirectory(config.ADDRESS_KEY, streams, keyring),
    },
    {
      provide: IndividualUsers,
      inject: [Streams, LegacyDirectory, Emails, Ids],
      useFactory: (streams: Streams, directory: LegacyDirectory, emails: Emails, ids: Ids) =>
        new IndividualUsers(config.ADDRESS_KEY, streams, directory, emails, ids),
    },
    {
      provide: LegacyPortalState,
      inject: [Streams],
      useFactory: (streams: Streams) => new LegacyPortalState(streams),
    },
    {
      provide: LegacyClaims,
      inject: [Streams, TradeAccounts],
      useFactory: (streams: Streams, tradeAccounts: TradeAccounts) =>
        new LegacyClaims(streams, tradeAccounts),
    },
    {
      provide: LegacyChanges,
      inject: [Streams, TradeAccounts],
      useFactory: (streams: Streams, tradeAccounts: TradeAccounts) =>
        new LegacyChanges(streams, tradeAccounts),
    },
    {
      provide: LegacyCredentials,
      inject: [LegacyDirectory, Streams, LegacySecrets, Clock],
      useFactory: (directory: LegacyDirectory, streams: Streams, secrets: LegacySecrets, clock: Clock) => {
        const url = config.LEGACY_DIRECTORY_URL;
        return url === undefined
          ? new ImportedLegacyCredentials(directory, streams, secrets, clock)
          : new AskedLegacyCredentials(directory, streams, new LegacyPortalClient(url), clock);
      },
    },
    {
      provide: LegacyLogoutTokens,
      inject: [SigningKeys, Clock],
      useFactory: (keys: SigningKeys, clock: Clock) => {
        const clientId = config.LEGACY_LOGOUT_URL === undefined ? null : config.LEGACY_PORTAL_CLIENT_ID!;
        return new LegacyLogoutTokens(clientId, config.PUBLIC_URL, keys, clock);
      },
    },
    {
      provide: HandoffTickets,
      inject: [SigningKeys, Clock, LegacyPortalState],
      useFactory: (keys: SigningKeys, clock: Clock, legacyPortal: LegacyPortalState) =>
        new HandoffTickets(handoffTarget(config), config.PUBLIC_URL, keys, clock, legacyPortal),
    },
    {
      provide: LegacyResets,
      inject: [Streams, Ids, Clock],
      useFactory: (streams: Streams, ids: Ids, clock: Clock) => legacyResets(config, streams, ids, clock),
    },
    {
      provide: SecretChecks,
      inject: [SecretHasher, PasswordJudge, AccountRules],
      useFactory: (hasher: SecretHasher, judge: PasswordJudge, held: AccountRules) =>
        new SecretChecks(hasher, judge, held),
    },
  ];
}

/** null unless the legacy portal is set up for it, and available. */
function handoffTarget(config: Config): HandoffTarget | null {
  const {
    LEGACY_PORTAL_URL: url,
    LEGACY_PORTAL_CLIENT_ID: clientId,
    LEGACY_PORTAL_JWKS: keys,
    REFERENCES,
  } = config;
  const isAvailable = REFERENCES.some(({ name, state }) => name === 'legacyPortal' && state === 'available');
  return url && clientId && keys && isAvailable ? { url, clientId, keys } : null;
}

function legacyResets(config: Config, streams: Streams, ids: Ids, clock: Clock): LegacyResets {
  if (config.LEGACY_DIRECTORY_URL === undefined) return new MailedLegacyResets(streams, ids);
  const url = config.LEGACY_RESET_URL;
  return new AskedLegacyResets(streams, url === undefined ? null : new LegacyResetClient(url), clock);
}

function userAccess({ USER_ACCESS, USER_ACCESS_GUIDE, REFERENCES }: Config): UserAccess {
  const portal = REFERENCES.find(({ name, state }) => name === 'legacyPortal' && state === 'available');
  return new UserAccess(USER_ACCESS, portal?.link ?? null, USER_ACCESS_GUIDE ?? null);
}

const legacyLogouts = ({ LEGACY_LOGOUT_URL: url }: Config): LegacyLogouts =>
  url === undefined ? new NoLegacyLogouts() : new LegacyLogoutClient(url);
