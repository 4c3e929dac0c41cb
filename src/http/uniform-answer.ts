import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { EventStore } from '../ports.js';

const UNIFORM = 'portcullisUniform';

/** Refusals on this route, and answers that must not tell, leave at multiples of a fixed time after arrival, so that nobody can
 *  learn from the clock which addresses have accounts. A `201` is let through at once. */
export const UniformAnswer = () => RouteConfig({ [UNIFORM]: true });

const isUniform = ({ routeOptions }: FastifyRequest): boolean =>
  (routeOptions.config as unknown as Record<string, unknown> | undefined)?.[UNIFORM] === true;

export function answerUniformly(
  server: FastifyInstance,
  everyMs: number,
  events: Pick<EventStore, 'ping'>,
): void {
  const arrivals = new WeakMap<FastifyRequest, number>();
  server.addHook('onRequest', (request, _reply, done) => {
    if (isUniform(request)) arrivals.set(request, performance.now());
    done();
  });
  server.addHook('preHandler', async (request) => {
    // What is written for accounts fails while the store is away; what is not written for strangers must then fail alike.
    if (isUniform(request)) await events.ping();
  });
  server.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const arrivedAt = arrivals.get(request);
    if (arrivedAt !== undefined && reply.statusCode !== 201) await nextMultiple(arrivedAt, everyMs);
    return payload;
  });
}

/** Not a moment too early: a timer counts from when the event loop last looked at the clock, which work done since makes old. */
async function nextMultiple(arrivedAt: number, everyMs: number): Promise<void> {
  if (everyMs === 0) return;
  const dueAt = arrivedAt + everyMs * Math.ceil((performance.now() - arrivedAt) / everyMs);
  await pause(Math.floor(dueAt - performance.now()));
  while (performance.now() < dueAt) await turn();
}
