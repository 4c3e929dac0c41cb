import {
  Inject,
  Injectable,
  Module,
  type DynamicModule,
  type INestApplicationContext,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
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
import { AcceptInvitationHandler } from './commands/accept-invitation.js';
import { AccountRules } from './commands/account-rules.js';
import { ChangeContactEmailHandler } from './commands/change-contact-email.js';
import { ChangePasswordHandler } from './commands/change-password.js';
import { ChangeSecurityQuestionsHandler } from './commands/change-security-questions.js';
import { ConfirmPasswordHandler } from './commands/confirm-password.js';
import { ConfirmRegistrationHandler } from './commands/confirm-registration.js';
import { ContinueSessionHandler } from './commands/continue-session.js';
import { Emails } from './commands/emails.js';
import { EndSessionsHandler } from './commands/end-sessions.js';
import { ExpireDeadlinesHandler } from './commands/expire-deadlines.js';
import { GrantRoleHandler } from './commands/grant-role.js';
import { InviteStaffHandler } from './commands/invite-staff.js';
import { MailedLinks } from './commands/mailed-link.js';
import { RecordAccessHandler } from './commands/record-access.js';
import { RegisterAccountHandler } from './commands/register-account.js';
import { ReinstateAccountHandler } from './commands/reinstate-account.js';
import { RepudiateHandler } from './commands/repudiate.js';
import { RequestContactEmailChangeHandler } from './commands/request-contact-email-change.js';
import { RequestResetHandler } from './commands/request-reset.js';
import { ResetPasswordHandler } from './commands/reset-password.js';
import { SecretChecks } from './commands/secret-checks.js';
import { RevokeRoleHandler } from './commands/revoke-role.js';
import { ShowResetQuestionsHandler } from './commands/show-reset-questions.js';
import { SignInHandler } from './commands/sign-in.js';
import { SuspendAccountHandler } from './commands/suspend-account.js';
import { UnblockRecoveryHandler } from './commands/unblock-recovery.js';
import { UnlockAccountHandler } from './commands/unlock-account.js';
import type { Config } from './config.js';
import { projectionThread } from './embedded-projections.js';
import { Codec } from './engine/codec.js';
import { Follower } from './engine/follower.js';
import { LiveProjections } from './engine/live-projections.js';
import { Projector } from './engine/projector.js';
import { Reactor } from './engine/reactor.js';
import { Keyring } from './engine/sealing.js';
import { deriveKey, masterKey, type MasterKey } from './engine/secrets.js';
import { Streams } from './engine/streams.js';
import { eventSources } from './event-sources.js';
import { AccessGuard } from './http/access-guard.js';
import { AccountsController } from './http/accounts.controller.js';
import { AskedOften } from './http/asked-often.js';
import { AuditController } from './http/audit.controller.js';
import { Authentication } from './http/authentication.js';
import { CommandContexts } from './http/command-context.js';
import { Contacts } from './http/contacts.js';
import { FreshViews } from './http/fresh-views.js';
import { HealthController } from './http/health.controller.js';
import { Metrics } from './http/admin/metrics.js';
import { MeController } from './http/me.controller.js';
import { PageRenderer } from './http/pages/page-renderer.js';
import { PagesController } from './http/pages/pages.controller.js';
import { PasswordGuard, PasswordStrategy } from './http/password-strategy.js';
import { PasswordResetsController } from './http/password-resets.controller.js';
import { PortalKeys } from './http/portal-keys.js';
import { ErrorLog } from './http/problem-filter.js';
import { PublicOrigin } from './http/public-origin.js';
import { Readiness } from './http/readiness.js';
import { RegistrationsController } from './http/registrations.controller.js';
import { RulesController } from './http/rules.controller.js';
import { SessionsController } from './http/sessions.controller.js';
import { UndeclaredInput } from './http/undeclared-input.js';
import { ExpireDeadlinesJob } from './jobs/expire-deadlines.js';
import { JobLog } from './jobs/job-log.js';
import {
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
import { GetAccountHandler, ListDueAccountsHandler } from './projections/account-view.js';
import { ListHistoryHandler } from './projections/account-history.js';
import { projections } from './projections/all.js';
import { ReadAccountEventsHandler, ReadLogEventsHandler } from './projections/audit-trail.js';
import { Mails } from './reactions/mails.js';
import { ReleaseEmails } from './reactions/release-emails.js';
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

const MASTER_KEYS = Symbol('master keys');
const STORES = Symbol('stores');

const handlers = [
  AcceptInvitationHandler,
  ChangeContactEmailHandler,
  ChangePasswordHandler,
  ChangeSecurityQuestionsHandler,
  ConfirmPasswordHandler,
  ConfirmRegistrationHandler,
  ContinueSessionHandler,
  EndSessionsHandler,
  ExpireDeadlinesHandler,
  GetAccountHandler,
  GrantRoleHandler,
  InviteStaffHandler,
  ListDueAccountsHandler,
  ListHistoryHandler,
  ReadAccountEventsHandler,
  ReadLogEventsHandler,
  RecordAccessHandler,
  RegisterAccountHandler,
  ReinstateAccountHandler,
  RepudiateHandler,
  RequestContactEmailChangeHandler,
  RequestResetHandler,
  ResetPasswordHandler,
  RevokeRoleHandler,
  ShowResetQuestionsHandler,
  SignInHandler,
  SuspendAccountHandler,
  UnblockRecoveryHandler,
  UnlockAccountHandler,
];

const controllers = [
  AccountsController,
  AuditController,
  HealthController,
  MeController,
  PagesController,
  PasswordResetsController,
  RegistrationsController,
  RulesController,
  SessionsController,
];

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
        ...engine(config, stores, log, replacements),
        ...services(config),
        ...handlers,
        Authentication,
        AskedOften,
        CommandContexts,
        FreshViews,
        Metrics,
        PageRenderer,
        PasswordGuard,
        PasswordStrategy,
        Readiness,
        ExpireDeadlinesJob,
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
  const pepper = deriveKey(config.ADDRESS_KEY, 'pepper');
  return [
    { provide: STORES, useValue: stores },
    { provide: EventStore, useValue: stores.events },
    { provide: KeyStore, useValue: stores.keys },
    { provide: ReadStore, useValue: stores.views },
    { provide: Clock, useValue: clock },
    { provide: Ids, useValue: replaced.ids ?? new RandomIds() },
    { provide: SecretHasher, useValue: replaced.hasher ?? new Argon2Hasher(cost, pepper) },
    { provide: PasswordJudge, useClass: ZxcvbnJudge },
    { provide: Mailer, useValue: replaced.mailer ?? mailerFor(config, clock) },
    {
      provide: ClientLimits,
      useValue: new MemoryClientLimits(
        { failures: config.CLIENT_FAILURES_MAX, requests: config.CLIENT_REQUESTS_MAX },
        clock,
      ),
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

function engine(config: Config, stores: Stores, log: ServiceLog, { urls }: Replacements): Provider[] {
  const report = (what: string, error: unknown) => log.trouble(what, error);
  const masterKeys = [config.MASTER_KEY, ...config.MASTER_KEYS_OLD].map(masterKey);
  const [current, ...older] = masterKeys as [MasterKey, ...MasterKey[]];
  const { dataDir, checkpoints } = stores;
  return [
    { provide: MASTER_KEYS, useValue: masterKeys },
    { provide: Keyring, useFactory: () => new Keyring(stores.keys, current, older) },
    { provide: Codec, inject: [Keyring], useFactory: (keyring: Keyring) => new Codec(eventSources, keyring) },
    {
      provide: Streams,
      inject: [Codec, Clock, Ids],
      useFactory: (codec: Codec, clock: Clock, ids: Ids) =>
        new Streams(stores.events, codec, clock, ids, { soleWriter: true }),
    },
    {
      provide: Follower,
      inject: [Codec],
      useFactory: (codec: Codec) => new Follower(stores.events, codec, { report }),
    },
    {
      provide: LiveProjections,
      inject: [Follower, Clock],
      useFactory: (follower: Follower, clock: Clock): LiveProjections => {
        if (dataDir === null)
          return new Projector(projections, follower, stores.events, stores.views, clock, { report });
        const workerUrl = urls?.projections;
        const options = { dataDir, masterKeys, report, ...(workerUrl && { workerUrl }) };
        return projectionThread(
          projections.map(({ name }) => name),
          follower,
          options,
        );
      },
    },
    {
      provide: Reactor,
      inject: [Follower, Streams, Mailer, Clock, MailedLinks, Contacts],
      useFactory: (
        follower: Follower,
        streams: Streams,
        mailer: Mailer,
        clock: Clock,
        links: MailedLinks,
        contacts: Contacts,
      ) => {
        const mails = new Mails({
          streams,
          mailer,
          clock,
          links,
          publicUrl: config.PUBLIC_URL,
          contacts,
          resetLinkLifetimeMs: config.RESET_LINK_HOURS * 3_600_000,
          onRefused: (event) => log.mailRefused(event.type),
        });
        const reactions = [mails, new ReleaseEmails(streams)];
        return new Reactor(reactions, follower, stores.events, checkpoints, clock, { report });
      },
    },
  ];
}

function services(config: Config): Provider[] {
  const hour = 3_600_000;
  const minute = 60_000;
  const rules: AccountRules = {
    lockout: { failuresMax: config.LOCKOUT_FAILURES, lockMs: config.LOCKOUT_MINUTES * minute },
    passwordPolicy: config.PASSWORD_POLICY,
    resetLinkMs: config.RESET_LINK_HOURS * hour,
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
      provide: SecretChecks,
      inject: [SecretHasher, PasswordJudge, AccountRules],
      useFactory: (hasher: SecretHasher, judge: PasswordJudge, held: AccountRules) =>
        new SecretChecks(hasher, judge, held),
    },
  ];
}

const DRAIN_MS = 3_000;

/** After the last answer went out: what works in the background ends in the order in which it depends on each other. */
@Injectable()
class Shutdown implements OnApplicationShutdown {
  constructor(
    private readonly job: ExpireDeadlinesJob,
    private readonly reactor: Reactor,
    private readonly live: LiveProjections,
    private readonly follower: Follower,
    private readonly mailer: Mailer,
    @Inject(STORES) private readonly stores: Stores,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.job.stop();
    await this.reactor.drain(DRAIN_MS);
    await this.live.close();
    await this.follower.close();
    await this.mailer.close();
    await this.stores.close();
  }
}
