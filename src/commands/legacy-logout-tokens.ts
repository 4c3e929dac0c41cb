import type { Logout } from '../domain/legacy-account/logouts.js';
import type { SigningKeys } from '../engine/signing-keys.js';
import type { Clock } from '../ports.js';

const TYPE = 'logout+jwt';
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const LIFETIME_MS = 2 * 60_000;

/** Logout tokens (OpenID Connect Back-Channel Logout 1.0, section 2.4). Bound in the app module from the configuration. */
export class LegacyLogoutTokens {
  constructor(
    /** Whom they are for; null: the legacy portal is told nothing. */
    readonly clientId: string | null,
    /** Our own address, PUBLIC_URL. */
    private readonly issuer: string,
    private readonly keys: Pick<SigningKeys, 'sign'>,
    private readonly clock: Clock,
  ) {}

  /** Made anew for each try, under the same `jti`. Throws `StoreUnavailable`. */
  sign({ logoutId, accountId, sessionId }: Logout): Promise<string> {
    const now = this.clock.now();
    const claims = {
      ...{ iss: this.issuer, aud: this.clientId, sub: accountId, sid: sessionId, jti: logoutId },
      ...{ iat: Math.floor(now / 1000), exp: Math.floor((now + LIFETIME_MS) / 1000) },
      events: { [EVENT]: {} },
    };
    return this.keys.sign(claims, { typ: TYPE });
  }
}
