import fastify, { type FastifyInstance } from 'fastify';
import { mailboxPages, type MailSource } from './mailbox-pages.js';
import type { Metrics } from './metrics.js';
import type { Readiness } from '../readiness.js';

export interface AdminServer {
  readonly url: string;
  close(): Promise<void>;
}

/** What is for operators alone, on an address of its own: metrics, why the service is not ready, and the demo's mailbox. */
export async function startAdminServer(
  address: { readonly host: string; readonly port: number },
  parts: { readonly metrics: Metrics; readonly readiness: Readiness; readonly mailbox: MailSource | null },
): Promise<AdminServer> {
  const server = fastify({
    logger: false,
    bodyLimit: 1024,
    requestTimeout: 10_000,
    forceCloseConnections: true,
  });
  server.get('/metrics', async (_request, reply) => {
    void reply.type(parts.metrics.contentType);
    return parts.metrics.text();
  });
  server.get('/health/ready', async (_request, reply) => {
    const report = await parts.readiness.check();
    void reply.status(report.ready ? 200 : 503);
    return report;
  });
  refuseRebinding(server, address.host);
  if (parts.mailbox) mailboxPages(server, parts.mailbox);
  const url = await server.listen(address);
  return { url, close: () => server.close() };
}

/** A page of a foreign site that had its name point here must read nothing: it would come with that name as `Host`. */
function refuseRebinding(server: FastifyInstance, host: string): void {
  const names = new Set(['localhost', '127.0.0.1', '[::1]', host, `[${host}]`]);
  server.addHook('onRequest', async (request, reply) => {
    const name = (request.headers.host ?? '').replace(/:\d+$/, '');
    if (!names.has(name)) return reply.status(403).send({ title: 'This is not the name of this service.' });
    return undefined;
  });
}
