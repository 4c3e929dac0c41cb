import { createParamDecorator, Injectable, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { LiveProjections } from '../engine/live-projections.js';
import type { Position } from '../ports.js';
import { PortalKeys } from './portal-keys.js';
import { refuse } from './problem.js';
import type { PortalRequest } from './portal-request.js';

const WAIT_MS = 2_000;
const RETRY_SECONDS = 1;

const TokenHeader = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<PortalRequest>().headers['consistency-token'],
);

/** Reads what the caller wrote: a command answers with a `Consistency-Token`, and a read that sends it waits for its view. */
@Injectable()
export class FreshViews implements PipeTransform<unknown, Position | null> {
  constructor(
    private readonly live: LiveProjections,
    private readonly keys: PortalKeys,
  ) {}

  transform(header: unknown): Position | null {
    if (header === undefined) return null;
    const position = typeof header === 'string' ? this.keys.openConsistencyToken(header) : null;
    if (position !== null) return position;
    const detail = 'must be as this service gave it';
    throw refuse('InvalidInput', { errors: [{ pointer: '#/headers/Consistency-Token', detail }] });
  }

  /** Waits until the view reflects all these positions. Throws `ProjectionLagging`. */
  async wait(view: string, ...positions: readonly (Position | null)[]): Promise<void> {
    const latest = positions.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
    if (latest === null) return;
    const reached = await this.live.waitFor(view, latest, WAIT_MS);
    if (!reached) throw refuse('ProjectionLagging', { retryAfterSeconds: RETRY_SECONDS });
  }

  mark(reply: FastifyReply, position: Position | null): void {
    if (position !== null) void reply.header('consistency-token', this.keys.consistencyToken(position));
  }
}

/** The position that the caller asks a view to have reached; null when it does not matter. */
export const AsOf = () => TokenHeader(FreshViews);
