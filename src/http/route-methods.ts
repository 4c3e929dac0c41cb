import type { FastifyInstance } from 'fastify';
import { refuse } from './problem.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route there is, also those that no controller made. */
    readonly everyRoute: readonly { readonly url: string; readonly methods: readonly string[] }[];
  }
}

/** Tells an address that does not exist from one that takes other methods (405 with `Allow`). Call before routes are added. */
export function refuseOtherMethods(server: FastifyInstance): void {
  const routes: { url: string; address: RegExp; methods: string[] }[] = [];
  server.decorate('everyRoute', routes);
  server.addHook('onRoute', ({ method, url }) => {
    routes.push({ url, address: addressPattern(url), methods: [method].flat() });
  });
  server.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done();
    const path = request.url.split('?')[0]!;
    const allowed = routes.filter(({ address }) => address.test(path)).flatMap(({ methods }) => methods);
    if (allowed.length === 0) return done();
    void reply.header('allow', [...new Set(allowed)].sort().join(', '));
    done(refuse('MethodNotAllowed'));
  });
}

const addressPattern = (url: string): RegExp => {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replace(/[.+*?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
};
