import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { v7 } from 'uuid';
import { CommandContexts } from './command-context.js';
import { drainWhenClosing } from './drain.js';
import { readFiles } from './file-body.js';
import { addressRefused, connectionRefused, refuseOddities } from './early-answers.js';
import { serveDescription } from './openapi.js';
import { pagePaths } from './pages/screens.js';
import type { PortalRequest } from './portal-request.js';
import { ErrorLog, ProblemFilter } from './problem-filter.js';
import { checkRequests } from './request-checks.js';
import { refuseOtherMethods } from './route-methods.js';
import { keySetPath } from './signing-keys.controller.js';
import { EventStore } from '../ports.js';
import { answerUniformly } from './uniform-answer.js';
import { inputValidation } from './validation.js';

const BODY_BYTES_MAX = 64 * 1024;

export interface ServerOptions {
  readonly publicUrl: string;
  readonly trustedProxies: readonly string[];
  readonly uniformAnswerMs: number;
  /** Whether the API's description has a reader. */
  readonly apiReader: boolean;
}

/** The HTTP server below Nest, with every bound that holds before a route is found. */
export function fastifyAdapter({ trustedProxies }: ServerOptions): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    // Slow clients are shed: five seconds for the headers, ten for the request, five to be idle. A whole queue of sign-ins at one
    // account may take longer than that to answer, so that only silence of a minute ends a connection.
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000, requireHostHeader: false },
    requestTimeout: 10_000,
    keepAliveTimeout: 5_000,
    connectionTimeout: 60_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 100, ignoreTrailingSlash: false },
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    genReqId: () => v7(),
    requestIdHeader: false,
    logger: false,
    // Refused a step later, by name.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    frameworkErrors: addressRefused,
    clientErrorHandler: connectionRefused,
  });
}

/** What holds for every route: one way to answer errors, input checked by its class, no foreign origins, JSON only. */
export async function configureServer(app: NestFastifyApplication, options: ServerOptions): Promise<void> {
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const log = app.get(ErrorLog);
  await app.register(cookie as never);
  await app.register(
    helmet as never,
    { contentSecurityPolicy: contentPolicy, frameguard: { action: 'deny' } } as never,
  );
  app.setGlobalPrefix('api/v1', { exclude: ['health/live', 'health/ready', keySetPath, ...pagePaths] });
  app.useGlobalFilters(new ProblemFilter(log));
  app.useGlobalPipes(inputValidation());
  drainWhenClosing(server);
  refuseOddities(server.server);
  readFiles(server);
  checkRequests(server, new URL(options.publicUrl).origin);
  refuseOtherMethods(server);
  keepFromCaches(server);
  answerUniformly(server, options.uniformAnswerMs, app.get(EventStore));
  rememberAnswers(server, app.get(CommandContexts));
  serveDescription(app, options.apiReader);
}

const contentPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    scriptSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
};

function rememberAnswers(server: FastifyInstance, contexts: CommandContexts): void {
  server.addHook('onResponse', (request, reply, done) => {
    contexts.answered(request as PortalRequest, reply.statusCode);
    done();
  });
}

/** Answers are about somebody: no cache keeps them, unless a route says otherwise. */
function keepFromCaches(server: FastifyInstance): void {
  server.addHook('onSend', (_request, reply, payload, done) => {
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    done(null, payload);
  });
}
