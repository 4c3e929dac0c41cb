import { isIP } from 'node:net';
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
  /** Set where the request carries an `Idempotency-Key`: names this caller's use of it on this route. */
  idempotency?: { readonly use: string };
}

const AGENT_LENGTH_MAX = 200;
const ADDRESS_LENGTH_MAX = 64;

/** The client's address. A trusted proxy that passes on what its client wrote is not believed: only an address is one. */
export function addressOf({ ip, socket: { remoteAddress = '' } }: FastifyRequest): string {
  return [ip, remoteAddress].find((text) => text.length <= ADDRESS_LENGTH_MAX && isIP(text) > 0) ?? 'unknown';
}

/** Where the request came from, as events keep it (sealed). */
export const clientOf = (request: FastifyRequest) => ({
  address: addressOf(request),
  agent: (request.headers['user-agent'] ?? '').slice(0, AGENT_LENGTH_MAX),
});
