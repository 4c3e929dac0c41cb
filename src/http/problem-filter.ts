import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { InvalidInput } from '../domain/account/input-rules.js';
import { DomainError } from '../domain/domain-error.js';
import { PersonErasedError } from '../engine/sealing.js';
import { CommandIdReused, StaleRevision } from '../engine/streams.js';
import { QueueFull } from '../engine/turns.js';
import {
  BadCursor,
  HasherBusy,
  OutcomeUnknown,
  StoreUnavailable,
  TooManyRequests,
  VersionConflict,
} from '../ports.js';
import { problem, ProblemError, problems, ruleRefused, type Problem, type ProblemCode } from './problem.js';

const BUSY_RETRY_SECONDS = 2;

/** Tells operators of what the caller is not told. */
export abstract class ErrorLog {
  abstract unexpected(error: unknown): void;
}

/** Answers every error as problem+json. Bad input never ends here as a 5xx; what does is a fault of ours, and logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: ErrorLog) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    sendProblem(reply, problemOf(error, this.log));
  }
}

export function sendProblem(reply: FastifyReply, { retryAfterSeconds, ...problem }: Problem): void {
  const { status, code } = problem;
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  void reply
    .status(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify({ type: `urn:portcullis:problem:${code}`, ...problem }));
}

export function problemOf(error: unknown, log: ErrorLog): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof InvalidInput) return problem('InvalidInput', { errors: error.mistakes });
  if (error instanceof DomainError) return domainProblem(error);
  if (error instanceof TooManyRequests) {
    return problem('TooManyRequests', { retryAfterSeconds: Math.ceil(error.retryAfterMs / 1000) });
  }
  if (error instanceof BadCursor) {
    return problem('InvalidInput', {
      errors: [{ pointer: '/cursor', detail: 'must be as “next” returned it' }],
    });
  }
  return requestProblem(error) ?? storeProblem(error) ?? unexpected(error, log);
}

function domainProblem({ code, message }: DomainError): Problem {
  if (code === 'PasswordRefused') {
    return problem(code, { errors: [{ pointer: '/password', detail: 'is not the right password' }] });
  }
  if (code === 'AnswersRefused') {
    return problem(code, { errors: [{ pointer: '/answers', detail: 'do not match' }] });
  }
  return code in problems ? problem(code as ProblemCode) : ruleRefused(code, message);
}

function storeProblem(error: unknown): Problem | null {
  if (error instanceof StaleRevision) return problem('StaleRevision');
  if (error instanceof CommandIdReused) return problem('IdempotencyKeyReused');
  if (error instanceof PersonErasedError) return problem('AccountUnknown');
  const retryAfterSeconds = BUSY_RETRY_SECONDS;
  if (error instanceof QueueFull || error instanceof HasherBusy || error instanceof VersionConflict) {
    return problem('Busy', { retryAfterSeconds });
  }
  if (error instanceof StoreUnavailable) return problem('StoreUnavailable', { retryAfterSeconds });
  if (error instanceof OutcomeUnknown) return problem('OutcomeUnknown', { retryAfterSeconds });
  return null;
}

/** What the HTTP server itself refused, before any of our code ran. */
function requestProblem(error: unknown): Problem | null {
  const status =
    error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown }).statusCode;
  switch (status) {
    case 400:
      return malformed((error as Error).message);
    case 404:
      return problem('NotFound');
    case 405:
      return problem('MethodNotAllowed');
    case 413:
      return problem('BodyTooLarge');
    case 415:
      return problem('UnsupportedMediaType');
    default:
      return typeof status === 'number' && status >= 400 && status < 500 ? problem('MalformedRequest') : null;
  }
}

function malformed(message: string): Problem {
  // Fastify's JSON parser refuses keys that would reach into JavaScript's prototypes, without saying which.
  const forbidden = /prototype property/.test(message);
  const pointer = forbidden ? '/__proto__' : '';
  const detail = forbidden
    ? 'must not contain __proto__ or constructor.prototype'
    : 'must be well-formed JSON';
  return problem('MalformedBody', { errors: [{ pointer, detail }] });
}

function unexpected(error: unknown, log: ErrorLog): Problem {
  log.unexpected(error);
  return problem('InternalError');
}
