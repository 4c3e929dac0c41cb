import type { FastifyReply } from 'fastify';
import { problemText, type Problem } from './problem.js';

export function sendProblem(reply: FastifyReply, problem: Problem): void {
  const { status, retryAfterSeconds } = problem;
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  void reply.status(status).type('application/problem+json').send(problemText(problem));
}
