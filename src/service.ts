import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule, type Replacements } from './app.module.js';
import type { Config } from './config.js';
import { beginLog, LOG_MARK_ID, logMarkDecider } from './domain/service/log-mark.js';
import { Follower } from './engine/follower.js';
import { LiveProjections } from './engine/live-projections.js';
import { Reactor } from './engine/reactor.js';
import { Streams } from './engine/streams.js';
import { configureServer, fastifyAdapter } from './http/server.js';
import { Ids } from './ports.js';
import { ServiceLog } from './service-log.js';
import { openStores } from './stores.js';

/** A running service. */
export interface Service {
  readonly app: NestFastifyApplication;
  /** Where the API listens, such as http://127.0.0.1:3000. */
  readonly url: string;
  /** Lets requests in flight finish, then closes everything. Again is no error. */
  close(): Promise<void>;
}

/** Opens the stores, checks that the log is of this mode, and listens. Throws before it listens, or not at all. */
export async function startService(
  config: Config,
  log = new ServiceLog(config.LOG_LEVEL),
  replacements: Replacements = {},
): Promise<Service> {
  const stores = await openStores(config, replacements.urls);
  let app: NestFastifyApplication | undefined;
  try {
    const options = {
      publicUrl: config.PUBLIC_URL,
      trustedProxies: config.TRUSTED_PROXIES,
      uniformAnswerMs: config.UNIFORM_ANSWER_MS,
    };
    const module = AppModule.compose(config, stores, log, replacements);
    const nestOptions = { logger: false, abortOnError: false, forceCloseConnections: false } as const;
    app = await NestFactory.create<NestFastifyApplication>(module, fastifyAdapter(options), nestOptions);
    await configureServer(app, options);
    await markLog(app, config);
    app.get(Follower).start();
    app.get(LiveProjections).start();
    app.get(Reactor).start();
    await app.listen(config.PORT, config.HOST);
  } catch (error) {
    await (app ? app.close() : stores.close());
    throw error;
  }
  let closing: Promise<void> | undefined;
  const running = app;
  const close = () => (closing ??= running.close());
  return { app, url: (await app.getUrl()).replace('[::1]', '127.0.0.1'), close };
}

async function markLog(app: NestFastifyApplication, config: Config): Promise<void> {
  const commandId = app.get(Ids).next();
  await app.get(Streams).decide(logMarkDecider, LOG_MARK_ID, beginLog(config.MODE), {
    commandId,
    actor: { kind: 'system', id: 'start', role: null },
    correlationId: commandId,
    causationId: commandId,
  });
}
