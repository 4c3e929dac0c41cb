import { setTimeout as pause } from 'node:timers/promises';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const UNIFORM = 'portcullisUniform';

/** Refusals on this route, and answers that must not tell, leave at multiples of a fixed time after arrival, so that nobody can
 *  learn from the clock which addresses have accounts. A `201` is let through at once. */
export const UniformAnswer = () => RouteConfig({ [UNIFORM]: true });

export function answerUniformly(server: FastifyInstance, everyMs: number): void {
  const arrivals = new WeakMap<FastifyRequest, number>();
  server.addHook('onRequest', (request, _reply, done) => {
    if (isUniform(request)) arrivals.set(request, performance.now());
    done();
  });
  server.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const arrivedAt = arrivals.get(request);
    if (arrivedAt !== undefined && reply.statusCode !== 201) await pause(msToNext(arrivedAt, everyMs));
    return payload;
  });
}

const isUniform = ({ routeOptions }: FastifyRequest): boolean =>
  (routeOptions.config as unknown as Record<string, unknown> | undefined)?.[UNIFORM] === true;

function msToNext(arrivedAt: number, everyMs: number): number {
  if (everyMs === 0) return 0;
  return everyMs - ((performance.now() - arrivedAt) % everyMs);
}
