import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Mailbox } from './adapters/mail/mailbox.js';
import { AppModule, type Replacements } from './app.module.js';
import { ConfigError, type Config } from './config.js';
import { ControlServer } from './control/control-server.js';
import { controlSocket } from './control/control-socket.js';
import { beginLog, LOG_MARK_ID, logMarkDecider } from './domain/service/log-mark.js';
import { Follower } from './engine/follower.js';
import { LeadWatch } from './engine/lead-watch.js';
import { LiveProjections } from './engine/live-projections.js';
import { reactionView } from './engine/reaction-run.js';
import { Reactor } from './engine/reactor.js';
import { Streams } from './engine/streams.js';
import { dropViewsAheadOfLog } from './engine/views-ahead.js';
import { startAdminServer, type AdminServer } from './http/admin/admin-server.js';
import { Metrics } from './http/admin/metrics.js';
import { Readiness } from './http/readiness.js';
import { configureServer, fastifyAdapter } from './http/server.js';
import { operatorActs } from './operator-acts.js';
import { Ids, Mailer } from './ports.js';
import { projections } from './projections/all.js';
import { reactionNames } from './reactions/all.js';
import { ServiceLog } from './service-log.js';
import { openStores } from './open-stores.js';
import type { Stores } from './stores.js';

/** A running service. */
export interface Service {
  readonly app: NestFastifyApplication;
  /** Where the API listens, such as http://127.0.0.1:3000. */
  readonly url: string;
  /** Where operators look. */
  readonly adminUrl: string;
  /** Lets requests in flight finish, then closes everything. Again is no error. */
  close(): Promise<void>;
}

/** Opens the stores, checks that the log is of this mode, and listens. Throws before it listens, or not at all. */
export async function startService(
  config: Config,
  log = new ServiceLog(config.LOG_LEVEL),
  replacements: Replacements = {},
): Promise<Service> {
  const stores = await openStores(config, {
    ...(replacements.urls && { urls: replacements.urls }),
    report: (what, error) => log.trouble(what, error),
  });
  let app: NestFastifyApplication | undefined;
  let admin: AdminServer | undefined;
  let control: ControlServer | undefined;
  const close = async () => {
    app?.get(Readiness).beginShutdown();
    await control?.close();
    await (app ? app.close() : stores.close());
    await admin?.close();
  };
  try {
    const options = {
      publicUrl: config.PUBLIC_URL,
      trustedProxies: config.TRUSTED_PROXIES,
      uniformAnswerMs: config.UNIFORM_ANSWER_MS,
      apiReader: config.API_DOCS === 'on' || config.MODE === 'demo',
    };
    const module = AppModule.compose(config, stores, log, replacements);
    const nestOptions = { logger: false, abortOnError: false } as const;
    app = await NestFactory.create<NestFastifyApplication>(module, fastifyAdapter(options), nestOptions);
    await configureServer(app, options);
    app.get(Metrics).observe(app.getHttpAdapter().getInstance() as unknown as FastifyInstance);
    await app.init();
    await beginAtLog(app, config, stores, log);
    await replacements.beforeStart?.(app);
    app.get(Follower).start();
    admin = await listening('ADMIN_ADDRESS', startAdmin(app, config));
    if (stores.dataDir !== null) {
      const acts = operatorActs(app, config, replacements.urls?.projections);
      const report = (what: string, error: unknown) => log.trouble(what, error);
      control = await ControlServer.listen(controlSocket(stores.dataDir), acts, report);
    }
    await listening('HOST and PORT', app.listen(config.PORT, config.HOST));
    // Last: what piled up while no service ran must not keep callers waiting, and a start that fails mails nobody.
    app.get(LiveProjections).start();
    app.get(Reactor).start();
    app.get(LeadWatch).start();
  } catch (error) {
    await close();
    throw error;
  }
  let closing: Promise<void> | undefined;
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  return { app, url, adminUrl: admin.url, close: () => (closing ??= close()) };
}

/** What comes before anything else is appended: views fit the log, and the log is of this mode. Throws `DomainError` (`OtherMode`). */
export async function beginAtLog(
  app: INestApplicationContext,
  config: Config,
  { views, checkpoints, events }: Stores,
  log: ServiceLog,
): Promise<void> {
  const names = [...projections.map(({ name }) => name), ...reactionNames.map(reactionView)];
  const dropped = await dropViewsAheadOfLog(names, views, checkpoints, events);
  for (const [name, cause] of dropped) log.trouble(`view ${name}`, cause);
  await markLog(app, config);
}

/** Begins a new log for this mode. */
async function markLog(app: INestApplicationContext, config: Config): Promise<void> {
  const commandId = app.get(Ids).next();
  await app.get(Streams).decide(logMarkDecider, LOG_MARK_ID, beginLog(config.MODE), {
    commandId,
    actor: { kind: 'system', id: 'start', role: null },
    correlationId: commandId,
    causationId: commandId,
  });
}

function startAdmin(app: NestFastifyApplication, config: Config): Promise<AdminServer> {
  const colon = config.ADMIN_ADDRESS.lastIndexOf(':');
  const host = config.ADMIN_ADDRESS.slice(0, colon).replace(/^\[|\]$/g, '');
  const mailer = app.get(Mailer);
  return startAdminServer(
    { host, port: Number(config.ADMIN_ADDRESS.slice(colon + 1)) },
    {
      metrics: app.get(Metrics),
      readiness: app.get(Readiness),
      mailbox: mailer instanceof Mailbox ? mailer : null,
    },
  );
}

async function listening<T>(setting: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw error;
    const why = {
      EADDRINUSE: 'is in use',
      EACCES: 'needs more rights',
      EADDRNOTAVAIL: 'is not of this machine',
    }[code];
    throw new ConfigError([`${setting}: ${address}:${port} ${why}; choose another one`]);
  }
}
