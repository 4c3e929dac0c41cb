import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { SESSION_COOKIE } from './authentication.js';
import { completed, schemaOf, type Operation } from './operation.js';
import { problemShape } from './problem.js';
import { factsOf, type Class, type Method, type RouteFacts } from './route-facts.js';

export const DESCRIPTION_ADDRESS = '/api/openapi.json';
export const READER_ADDRESS = '/api/docs';

const introduction = [
  'Accounts of the trade portal. Errors are `application/problem+json` (RFC 9457): `code` names the problem, `nextSteps` says what',
  'to do, and `errors` names fields by JSON pointer into the body, or by `#/query/…`, `#/path/…` and `#/headers/…` elsewhere.',
].join(' ');

/** Serves the description of the API, and a reader for it where one is wanted. Call before the application begins. */
export function serveDescription(app: NestFastifyApplication, withReader: boolean): void {
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  let text: string | undefined;
  server.get(DESCRIPTION_ADDRESS, (_request, reply) => {
    text ??= JSON.stringify(describeApi(app));
    return reply.type('application/json').send(text);
  });
  if (!withReader) return;
  server.addHook('onRequest', (request, reply, done) => {
    // The reader brings its styles inside its page.
    if (/^\/api\/docs(?:[/?]|$)/.test(request.url))
      void reply.header('content-security-policy', readerPolicy);
    done();
  });
  SwaggerModule.setup(READER_ADDRESS, app, () => describeApi(app), {
    raw: false,
    customSiteTitle: 'Portcullis API',
  });
}

const readerPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** OpenAPI 3.1 of all controllers: what Nest knows of them, completed by what their routes declare. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Portcullis')
    .setDescription(introduction)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The token of a session' }, 'bearer')
    .addCookieAuth(SESSION_COOKIE, { type: 'apiKey', in: 'cookie' }, 'cookie')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller}.${method}`,
  });
  const schemas = document.components?.schemas ?? {};
  for (const schema of Object.values(schemas)) Object.assign(schema, { additionalProperties: false });
  document.components = { ...document.components, schemas: { ...schemas, Problem: schemaOf(problemShape) } };
  const facts = factsByName(app);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations as Record<string, Operation>)) {
      const known = facts.get(operation.operationId ?? '');
      if (known) Object.assign(operations, { [method]: completed(operation, method, path, known) });
    }
  }
  return document;
}

/** The facts of every controller's methods, by `Controller.method`. */
function factsByName(app: NestFastifyApplication): ReadonlyMap<string, RouteFacts> {
  return new Map(
    controllersOf(app).flatMap((controller) => {
      const methods = controller.prototype as Record<string, Method>;
      return Object.getOwnPropertyNames(methods)
        .filter((name) => name !== 'constructor')
        .map((name) => [`${controller.name}.${name}`, factsOf(controller, methods[name]!)] as const);
    }),
  );
}

export const controllersOf = (app: NestFastifyApplication): Class[] =>
  [...app.get(ModulesContainer).values()].flatMap(({ controllers }) =>
    [...controllers.values()].map(({ metatype }) => metatype as Class),
  );
