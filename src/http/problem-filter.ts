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
  LegacyPortalAway,
  OutcomeUnknown,
  StoreUnavailable,
  TooManyRequests,
  VersionConflict,
} from '../ports.js';
import {
  problem,
  ProblemError,
  problems,
  ruleRefused,
  storeTrouble,
  type Problem,
  type ProblemCode,
} from './problem.js';
import { sendProblem } from './send-problem.js';

const MISTAKES_TOLD_MAX = 50;
const LEGACY_RETRY_SECONDS = 60;
const HANDOFF_RETRY_SECONDS = 60;

/** Tells operators of what the caller is not told. */
export abstract class ErrorLog {
  abstract unexpected(error: unknown): void;
}

/** Answers every error as problem+json. Bad input never ends here as a 5xx; what does is a fault of ours, and logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: ErrorLog) {}

  catch(error: unknown, host: ArgumentsHost): void {
    sendProblem(host.switchToHttp().getResponse<FastifyReply>(), problemOf(error, this.log));
  }
}

export function problemOf(error: unknown, log: ErrorLog): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof InvalidInput) {
    return problem('InvalidInput', { errors: error.mistakes.slice(0, MISTAKES_TOLD_MAX) });
  }
  if (error instanceof DomainError) return domainProblem(error);
  if (error instanceof TooManyRequests) {
    return problem('TooManyRequests', { retryAfterSeconds: Math.ceil(error.retryAfterMs / 1000) });
  }
  if (error instanceof BadCursor) {
    const detail = 'must be as “next” returned it';
    return problem('InvalidInput', { errors: [{ pointer: '#/query/cursor', detail }] });
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
  if (code === 'LegacySyncRefused') {
    return problem(code, { errors: [{ pointer: '/legacyPassword', detail: 'does not match the user id' }] });
  }
  if (code === 'TooManyHandoffs') return problem(code, { retryAfterSeconds: HANDOFF_RETRY_SECONDS });
  if (code === 'PasswordNeeded') return problem('StepUpRequired');
  return Object.hasOwn(problems, code) ? problem(code as ProblemCode) : ruleRefused(code, message);
}

function storeProblem(error: unknown): Problem | null {
  if (error instanceof StaleRevision) {
    return problem('StaleRevision', {
      errors: [{ pointer: '#/headers/If-Match', detail: 'is out of date' }],
    });
  }
  if (error instanceof CommandIdReused) {
    const detail = 'must be a new one for a new request';
    return problem('IdempotencyKeyReused', {
      errors: [{ pointer: '#/headers/Idempotency-Key', detail }],
    });
  }
  if (error instanceof PersonErasedError) return problem('AccountUnknown');
  if (error instanceof QueueFull || error instanceof HasherBusy || error instanceof VersionConflict) {
    return storeTrouble('Busy');
  }
  if (error instanceof LegacyPortalAway) {
    return problem('LegacyPortalAway', { retryAfterSeconds: LEGACY_RETRY_SECONDS });
  }
  if (error instanceof StoreUnavailable) return storeTrouble('StoreUnavailable');
  if (error instanceof OutcomeUnknown) return storeTrouble('OutcomeUnknown');
  return null;
}

/** What the HTTP server itself refused, before any of our code ran. */
function requestProblem(error: unknown): Problem | null {
  const status =
    error instanceof HttpException
      ? error.getStatus()
      : (error as { statusCode?: unknown } | null)?.statusCode;
  switch (status) {
    case 400:
      return problem('MalformedBody', { errors: [{ pointer: '', detail: 'must be well-formed JSON' }] });
    case 404:
      return problem('NotFound');
    case 405:
      return problem('MethodNotAllowed');
    case 413:
      return problem('BodyTooLarge', { errors: [{ pointer: '', detail: 'must be at most 64 KiB' }] });
    default:
      return typeof status === 'number' && status >= 400 && status < 500 ? problem('MalformedRequest') : null;
  }
}

function unexpected(error: unknown, log: ErrorLog): Problem {
  log.unexpected(error);
  return problem('InternalError');
}
