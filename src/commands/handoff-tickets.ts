import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet } from 'jose';
import { DomainError } from '../domain/domain-error.js';
import type { HandoffTicket } from '../domain/legacy-account/handoffs.js';
import type { SigningKeys } from '../engine/signing-keys.js';
import type { Clock } from '../ports.js';
import type { LegacyPortalState } from './legacy-portal-state.js';

/** The legacy portal, as far as people are handed over to it. */
export interface HandoffTarget {
  /** Where a browser posts the ticket. */
  readonly url: string;
  readonly clientId: string;
  /** Public keys by which the portal proves itself when it redeems a ticket. */
  readonly keys: JSONWebKeySet;
}

/** What the ticket stands for, however long it lives. */
export type TicketContent = Omit<HandoffTicket, 'expiresAt'>;

const TYPE = 'portcullis-handoff+jwt';

/** Tickets as they travel: JWTs that the legacy portal can check, with nothing personal in them. Bound in the app module from the
 *  configuration. */
export class HandoffTickets {
  constructor(
    /** null: nobody is handed over. */
    readonly target: HandoffTarget | null,
    /** Our own address, PUBLIC_URL. */
    readonly issuer: string,
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
    private readonly legacyPortal: Pick<LegacyPortalState, 'isRetired'>,
  ) {}

  /** Throws `HandoffNotOpen` where it is not set up, and once the legacy portal is retired. */
  async openTarget(): Promise<HandoffTarget> {
    if (this.target !== null && !(await this.legacyPortal.isRetired())) return this.target;
    throw new DomainError('HandoffNotOpen', 'This portal hands nobody over to the legacy portal.');
  }

  /** Throws `StoreUnavailable`. */
  sign({ clientId }: HandoffTarget, ticket: HandoffTicket): Promise<string> {
    const claims = {
      ...{ iss: this.issuer, aud: clientId, sub: ticket.accountId, sid: ticket.sessionId },
      ...{ jti: ticket.ticketId, iat: seconds(this.clock.now()), exp: seconds(ticket.expiresAt) },
    };
    return this.keys.sign(claims, { typ: TYPE });
  }

  /** null for what is none of ours, or no ticket, or expired. Throws `StoreUnavailable`. */
  async read({ clientId }: HandoffTarget, token: string): Promise<TicketContent | null> {
    const keys = createLocalJWKSet({ keys: [...(await this.keys.published())] });
    const expected = { issuer: this.issuer, audience: clientId, typ: TYPE, algorithms: ['EdDSA'] };
    try {
      const options = { ...expected, currentDate: new Date(this.clock.now()) };
      const { payload } = await jwtVerify<{ sid: string }>(token, keys, options);
      return { ticketId: payload.jti!, accountId: payload.sub!, sessionId: payload.sid };
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }
}

const seconds = (instant: number): number => Math.floor(instant / 1000);
