import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { v7 } from 'uuid';
import { CommandContexts } from './command-context.js';
import type { PortalRequest } from './portal-request.js';
import { ErrorLog, ProblemFilter } from './problem-filter.js';
import { refuse } from './problem.js';
import { answerUniformly } from './uniform-answer.js';
import { inputValidation } from './validation.js';

const BODY_BYTES_MAX = 64 * 1024;
const readingMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface ServerOptions {
  readonly publicUrl: string;
  readonly trustedProxies: readonly string[];
  readonly uniformAnswerMs: number;
}

/** The HTTP server below Nest, with every bound that holds before a route is found. */
export function fastifyAdapter({ trustedProxies }: ServerOptions): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    // Slow clients are shed: ten seconds to send a request, five to be idle.
    requestTimeout: 10_000,
    keepAliveTimeout: 5_000,
    connectionTimeout: 15_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 100, ignoreTrailingSlash: false },
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    genReqId: () => v7(),
    requestIdHeader: false,
    logger: false,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
  });
}

/** What holds for every route: one way to answer errors, input checked by its class, no foreign origins, JSON only. */
export async function configureServer(app: NestFastifyApplication, options: ServerOptions): Promise<void> {
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const log = app.get(ErrorLog);
  await app.register(cookie as never);
  await app.register(helmet as never, { contentSecurityPolicy: contentPolicy } as never);
  app.setGlobalPrefix('api/v1', { exclude: ['health/live', 'health/ready'] });
  app.useGlobalFilters(new ProblemFilter(log));
  app.useGlobalPipes(inputValidation());
  refuseForeigners(server, new URL(options.publicUrl).origin);
  answerUniformly(server, options.uniformAnswerMs);
  rememberAnswers(server, app.get(CommandContexts));
}

const contentPolicy = {
  directives: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    scriptSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    upgradeInsecureRequests: null,
  },
};

/** Before the body is read: writes from other origins, and bodies that a foreign form could send. */
function refuseForeigners(server: FastifyInstance, ownOrigin: string): void {
  server.addHook('onRequest', (request, _reply, done) => {
    if (readingMethods.has(request.method)) return done();
    const { origin } = request.headers;
    if (origin !== undefined && origin !== ownOrigin) return done(refuse('CrossSite'));
    const type = request.headers['content-type'];
    const isJson = type !== undefined && /^application\/json\s*(;|$)/i.test(type);
    const hasBody =
      request.headers['transfer-encoding'] !== undefined ||
      Number(request.headers['content-length'] ?? 0) > 0;
    if (hasBody && !isJson) return done(refuse('UnsupportedMediaType'));
    done();
  });
}

function rememberAnswers(server: FastifyInstance, contexts: CommandContexts): void {
  server.addHook('onResponse', (request, reply, done) => {
    if (reply.statusCode < 300) contexts.answeredWell(request as PortalRequest);
    done();
  });
}
