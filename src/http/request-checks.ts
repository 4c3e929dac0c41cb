import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fileRefusal, mediaTypeOf, takesFile } from './file-body.js';
import { pointerTo } from './pointer.js';
import { refuse } from './problem.js';

const readingMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** No input of ours is deeper; the validator walks what it is given by recursion. */
const DEPTH_MAX = 8;
/** Fields of an object, or items of a list: each costs the validator some work, and a mistake that is told. */
const ENTRIES_MAX = 100;
/** What every object in JavaScript has: the validator takes a sender's `constructor` for the class, and misses the others. */
const forbiddenNames: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  'prototype',
]);

const FORMS = 'portcullisForms';

/** A route of the portal's own pages: takes HTML forms from them, and nothing else. */
export const TakesForms = () => RouteConfig({ [FORMS]: true });

/** What is refused on every route, before any of its own code runs. `ownOrigin` is that of the portal's pages. */
export function checkRequests(server: FastifyInstance, ownOrigin: string): void {
  server.addHook('onRequest', (request, _reply, done) => {
    done(refusalOf(request, ownOrigin) ?? undefined);
  });
  server.addHook('preValidation', (request, _reply, done) => {
    const body = takesFile(request) ? undefined : request.body;
    done(shapeRefusal(body, '') ?? shapeRefusal(request.query, '#/query') ?? undefined);
  });
}

/** Writes from other origins, and bodies that a foreign form could send. */
function refusalOf(request: FastifyRequest, ownOrigin: string): Error | null {
  const { headers, method } = request;
  if (headers.host === undefined && request.raw.httpVersion === '1.1') {
    return malformed('#/headers/Host', 'must be sent');
  }
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (readingMethods.has(method)) return hasBody ? malformed('', `must be empty in ${method}`) : null;
  const { origin } = headers;
  const forms = takesForms(request);
  // A form can be sent from anywhere: that it was not is only known where the browser says so.
  if (origin !== ownOrigin && (forms || origin !== undefined)) return refuse('CrossSite');
  const wanted = forms ? 'application/x-www-form-urlencoded' : 'application/json';
  const type = mediaTypeOf(headers['content-type']);
  if (takesFile(request)) return hasBody ? fileRefusal(request, type) : null;
  if (!hasBody || type === wanted) return null;
  const detail = `must be ${wanted}`;
  return refuse('UnsupportedMediaType', { errors: [{ pointer: '#/headers/Content-Type', detail }] });
}

const takesForms = ({ routeOptions }: FastifyRequest): boolean =>
  (routeOptions.config as unknown as Record<string, unknown> | undefined)?.[FORMS] === true;

const malformed = (pointer: string, detail: string) =>
  refuse('MalformedRequest', { errors: [{ pointer, detail }] });

/** `undefined`: nothing was sent. Without recursion, so that depth cannot exhaust the stack. */
function shapeRefusal(root: unknown, at: string): Error | null {
  if (root === undefined) return null;
  if (!isObject(root)) return wrongInput(at, 'must be a JSON object');
  let level = [{ pointer: at, value: root as object }];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > DEPTH_MAX) return wrongInput(at, `must be at most ${DEPTH_MAX} levels deep`);
    const below: typeof level = [];
    for (const { pointer, value } of level) {
      const entries = Object.entries(value);
      if (entries.length > ENTRIES_MAX)
        return wrongInput(pointer, `must have at most ${ENTRIES_MAX} entries`);
      for (const [name, inner] of entries) {
        const field = pointerTo(pointer, name);
        if (forbiddenNames.has(name)) return wrongInput(field, 'is not a field of this request');
        if (typeof inner === 'object' && inner !== null) below.push({ pointer: field, value: inner });
      }
    }
    level = below;
  }
  return null;
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

const wrongInput = (pointer: string, detail: string) =>
  refuse('InvalidInput', { errors: [{ pointer, detail }] });
