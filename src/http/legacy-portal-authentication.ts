import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import { HandoffTickets, type HandoffTarget } from '../commands/handoff-tickets.js';
import { openTarget } from '../commands/issue-legacy-handoff.js';
import { RecentMap } from '../engine/recent-map.js';
import { Clock, type Instant } from '../ports.js';
import { refuse } from './problem.js';

export const REDEMPTIONS = '/api/v1/legacy-handoffs/redemptions';
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Clocks of two machines differ. */
const SKEW_MS = 10_000;
const LIFETIME_MAX_MS = 5 * 60_000;
/** Ids remembered of assertions that were used: more than a portal sends in five minutes. */
const IDS_KEPT_MAX = 50_000;
const ID_LENGTH_MAX = 200;
/** Signatures of key pairs alone: a public key must never pass for a shared secret. */
const algorithms = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256'];

/** Whether it is the legacy portal that asks: `private_key_jwt` (RFC 7523), by the public keys of the configuration. */
@Injectable()
export class LegacyPortalAuthentication {
  private readonly used = new RecentMap<string, Instant>(IDS_KEPT_MAX);

  constructor(
    private readonly tickets: HandoffTickets,
    private readonly clock: Clock,
  ) {}

  /** Uses the assertion up, at this instance: twice opens nothing anyway, since a ticket does so once. Throws `ClientRefused` for
   *  whatever is wrong with it, and `HandoffNotOpen`. */
  async authenticate(assertion: string): Promise<HandoffTarget> {
    const target = openTarget(this.tickets);
    const now = this.clock.now();
    const { jti, exp, iat } = await this.verified(target, assertion, now);
    const expiresAt = exp! * 1000;
    const isOfNow = (iat ?? 0) * 1000 <= now + SKEW_MS && expiresAt <= now + LIFETIME_MAX_MS + SKEW_MS;
    const isNew = typeof jti === 'string' && jti !== '' && jti.length <= ID_LENGTH_MAX && !this.used.get(jti);
    if (!isOfNow || !isNew) throw refuse('ClientRefused');
    this.used.set(jti, expiresAt);
    return target;
  }

  private async verified(
    { clientId, keys }: HandoffTarget,
    assertion: string,
    now: Instant,
  ): Promise<JWTPayload> {
    const { issuer } = this.tickets;
    try {
      const { payload } = await jwtVerify(assertion, createLocalJWKSet(keys), {
        ...{ algorithms, issuer: clientId, subject: clientId, requiredClaims: ['exp', 'jti'] },
        audience: [issuer, `${issuer}${REDEMPTIONS}`],
        ...{ currentDate: new Date(now), clockTolerance: SKEW_MS / 1000 },
      });
      return payload;
    } catch (error) {
      // A key of another kind than the algorithm named is told by other errors than those of tokens.
      if (error instanceof errors.JOSEError || error instanceof TypeError) throw refuse('ClientRefused');
      throw error;
    }
  }
}
