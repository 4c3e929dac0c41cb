import type { FastifyRequest } from 'fastify';
import type { Registered, Session } from '../domain/account/state.js';
import type { Position } from '../ports.js';

/** Who sent the request, as the access guard found out. */
export interface Caller {
  readonly accountId: string;
  readonly account: Registered;
  readonly session: Session;
  /** Of the account's stream when the guard looked: reads of the caller's own views wait for it. */
  readonly position: Position | null;
}

export interface PortalRequest extends FastifyRequest {
  caller?: Caller;
  /** Set where the request carries an `Idempotency-Key`, to be remembered once it was answered. */
  idempotency?: { readonly commandId: string; readonly fingerprint: string };
}

const AGENT_LENGTH_MAX = 200;

/** Where the request came from, as events keep it (sealed). */
export const clientOf = (request: FastifyRequest) => ({
  address: request.ip,
  agent: (request.headers['user-agent'] ?? '').slice(0, AGENT_LENGTH_MAX),
});
