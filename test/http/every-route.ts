import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { RequestMethod } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { controllersOf, describeApi } from '../../src/http/openapi.js';
import type { Operation } from '../../src/http/operation.js';
import { factsOf, type Method, type RouteFacts } from '../../src/http/route-facts.js';
import type { Portal } from '../support/portal.js';

/** One address and method, with what its controller declares of it. */
export interface Route {
  /** As in 'POST /api/v1/accounts/:id/unlocks'. */
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly facts: RouteFacts;
  /** Undefined for screens, which are not described. */
  readonly operation: Operation | undefined;
}

/** What the HTTP server answers to, whoever made the route: names as in `Route`. `HEAD` comes with `GET`. */
export function namesOfEverything(portal: Portal): string[] {
  const { everyRoute } = portal.app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const names = everyRoute.flatMap(({ url, methods }) => methods.map((method) => `${method} ${url}`));
  return [...new Set(names)].filter((name) => !name.startsWith('HEAD '));
}

/** Every route of every controller, found without being named. */
export function everyRoute(portal: Portal): Route[] {
  const served = new Set(namesOfEverything(portal));
  const document = describeApi(portal.app);
  return controllersOf(portal.app).flatMap((controller) => {
    const methods = controller.prototype as Record<string, Method>;
    return Object.getOwnPropertyNames(methods).flatMap((key) => {
      const method = methods[key]!;
      const verb = Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod | undefined;
      if (key === 'constructor' || verb === undefined) return [];
      return pathsOf(controller, method).map((path): Route => {
        const names = [`/api/v1${path}`, path].map((url) => `${RequestMethod[verb]} ${url}`);
        const name = names.find((candidate) => served.has(candidate));
        if (name === undefined) throw new Error(`${names.join(' or ')} is not served`);
        const [verbName = '', url = ''] = name.split(' ');
        const operation = operationOf(document, verbName, url);
        return { name, method: verbName, url, facts: factsOf(controller, method), operation };
      });
    });
  });
}

function pathsOf(controller: object, method: object): string[] {
  const all = (target: object) => [Reflect.getMetadata(PATH_METADATA, target) as string | string[]].flat();
  return all(controller).flatMap((base) =>
    all(method).map((path) => {
      const parts = `${base}/${path}`.split('/').filter(Boolean);
      return `/${parts.join('/')}`;
    }),
  );
}

function operationOf({ paths }: OpenAPIObject, verb: string, url: string): Operation | undefined {
  const operations = paths[url.replace(/:(\w+)/g, '{$1}')] as Record<string, Operation> | undefined;
  return operations?.[verb.toLowerCase()];
}
