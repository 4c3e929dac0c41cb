import type { FastifyReply } from 'fastify';
import { problemText, type Problem } from './problem.js';

export function sendProblem(reply: FastifyReply, problem: Problem): void {
  asProblem(reply, problem);
  void reply.send(problemText(problem));
}

/** Status and headers of a problem. */
export function asProblem(reply: FastifyReply, { status, retryAfterSeconds }: Problem): void {
  void reply.status(status).type('application/problem+json');
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
}
