import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, SignJWT, type JWTPayload } from 'jose';
import type { Clock } from '../ports.js';
import { RecentMap } from './recent-map.js';
import type { Keyring } from './sealing.js';
import { deriveKey } from './secrets.js';

const HOUR_MS = 3_600_000;

/** How long one key signs. */
export const SIGNING_PERIOD_MS = 30 * 24 * HOUR_MS;
/** How long before its first signature a key is published, so that whoever keeps the list for a while knows it by then. */
export const PUBLISHED_BEFORE_MS = HOUR_MS;
/** How long a key stays published after its last signature: nothing it signed lives longer. */
export const SIGNED_LIFE_MAX_MS = 24 * HOUR_MS;

const KEYS_KEPT_MAX = 8;
/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A public key as it is published (RFC 8037). */
export interface PublicSigningKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}

interface SigningKey {
  readonly secret: KeyObject;
  readonly published: PublicSigningKey;
}

/**
 * The keys that sign what others verify: one for each 30 days since 1970, by the clock alone, so that every instance signs with the same
 * one and nobody has to turn a key. It is made when it is first asked for, in the key store beside the keys of persons; of several
 * instances that make it at once, one is kept. Its `kid` is its thumbprint (RFC 7638): another key never has the same.
 */
export class SigningKeys {
  private readonly known = new RecentMap<number, SigningKey>(KEYS_KEPT_MAX);

  constructor(
    private readonly keyring: Keyring,
    private readonly clock: Clock,
  ) {}

  /** A compact JWS (EdDSA, `kid`, `typ`) of the claims as they are. `exp` must be given, in seconds, and at most a day away, else
   *  `RangeError`. Throws `StoreUnavailable`. */
  async sign(claims: object, { typ }: { readonly typ: string }): Promise<string> {
    const now = this.clock.now();
    const { exp } = claims as JWTPayload;
    if (exp === undefined || exp * 1000 > now + SIGNED_LIFE_MAX_MS)
      throw new RangeError('what is signed must expire before its key is no longer published');
    const { secret, published } = await this.made(periodAt(now));
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'EdDSA', kid: published.kid, typ })
      .sign(secret);
  }

  /** Every key that something alive may be signed with, and the next one in the last hour before its time. Throws
   *  `StoreUnavailable`. */
  async published(): Promise<readonly PublicSigningKey[]> {
    const now = this.clock.now();
    const [former, current, next] = [
      periodAt(now - SIGNED_LIFE_MAX_MS),
      periodAt(now),
      periodAt(now + PUBLISHED_BEFORE_MS),
    ];
    const keys = [await this.made(current)];
    if (next !== current) keys.push(await this.made(next));
    // Where none was made in that period, nothing was signed in it.
    const before = former === current ? null : await this.existing(former);
    if (before) keys.push(before);
    return keys.map(({ published }) => published);
  }

  private async made(period: number): Promise<SigningKey> {
    return this.known.get(period) ?? this.keep(period, await this.keyring.sealingKey(nameOf(period)));
  }

  private async existing(period: number): Promise<SigningKey | null> {
    const known = this.known.get(period);
    if (known) return known;
    const name = nameOf(period);
    const held = (await this.keyring.openingKeys([name])).get(name);
    return held ? this.keep(period, held) : null;
  }

  private async keep(period: number, held: Uint8Array): Promise<SigningKey> {
    const seed = deriveKey(held, 'signing-key');
    const der = Buffer.concat([PKCS8_ED25519, seed]);
    const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const { x } = createPublicKey(secret).export({ format: 'jwk' }) as { x: string };
    const kid = await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x });
    const key: SigningKey = {
      secret,
      published: { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' },
    };
    this.known.set(period, key);
    return key;
  }
}

const periodAt = (instant: number): number => Math.floor(instant / SIGNING_PERIOD_MS);

/** Among the persons of the key store, none of whom has a space in their name. */
const nameOf = (period: number): string => `signing-key ${period}`;
