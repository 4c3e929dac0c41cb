import { Module, type DynamicModule, type INestApplicationContext, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { PassportModule } from '@nestjs/passport';
import { ScheduleModule } from '@nestjs/schedule';
import { Argon2Hasher } from './adapters/argon2-hasher.js';
import { MemoryClientLimits } from './adapters/client-limits.js';
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
import { MailedLinks } from './commands/mailed-link.js';
import { SecretChecks } from './commands/secret-checks.js';
import { TradeAccounts } from './commands/trade-accounts.js';
import { commandHandlers } from './commands/all.js';
import type { Config } from './config.js';
import { engineProviders, MASTER_KEYS, Shutdown } from './engine-providers.js';
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
import { Looks } from './http/looks.js';
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
import { legacyPortalProviders } from './legacy-portal-providers.js';
import {
  BlobStore,
  ClientLimits,
  Clock,
  EventStore,
  Ids,
  KeyStore,
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

/** The whole composition. Adapters are picked here and in the providers that it names, and nowhere else. */
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
        ...legacyPortalProviders(config),
        ...commandHandlers,
        ...queryHandlers,
        Authentication,
        AskedOften,
        CommandContexts,
        FreshViews,
        LegacyPortalAuthentication,
        Looks,
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
      provide: SecretChecks,
      inject: [SecretHasher, PasswordJudge, AccountRules],
      useFactory: (hasher: SecretHasher, judge: PasswordJudge, held: AccountRules) =>
        new SecretChecks(hasher, judge, held),
    },
  ];
}

function userAccess({ USER_ACCESS, USER_ACCESS_GUIDE, REFERENCES }: Config): UserAccess {
  const portal = REFERENCES.find(({ name, state }) => name === 'legacyPortal' && state === 'available');
  return new UserAccess(USER_ACCESS, portal?.link ?? null, USER_ACCESS_GUIDE ?? null);
}
