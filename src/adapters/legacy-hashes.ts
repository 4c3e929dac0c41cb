import { createHash, pbkdf2, timingSafeEqual } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { verify as verifyArgon2 } from '@node-rs/argon2';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';
import { LegacySecrets, type SecretHasher } from '../ports.js';
import { HashSlots } from './hash-slots.js';

/** Refusals leave at multiples of this many uniform answers: the costliest hash that is let in takes less. */
const UNIFORM_ANSWERS = 4;
/** Compared with where no hash was compared yet. Nobody knows a password of it. */
const DECOY = '$2b$10$abcdefghijklmnopqrstuuw4D5m0gQm8nVSmYZkWn2s8tXb3vJ9Ka';

const ARGON2_MEMORY_KIB_MAX = 128 * 1024;
const ARGON2_WORK_MAX = 256 * 1024;
const ARGON2_LANES_MAX = 8;
const BCRYPT_COST_MAX = 13;
const PBKDF2_ROUNDS_MAX = 1_000_000;
const SALT_BYTES_MAX = 64;

/** Before the hash of a password that was chosen here: keyed, as those of accounts are. */
const CHOSEN_HERE = '{PORTCULLIS}';

type Comparison = (secret: string) => Promise<boolean>;
/** A hash taken apart: how to compare with it, or why it cannot be. */
type Reading = Comparison | { readonly mistake: string };

/** Compares in libuv's threads, and takes equally long to refuse whatever the scheme, and whether there is a hash at all. */
export class LegacyHashes extends LegacySecrets {
  /** As costly as the directory's hashes are: the one that was compared last. */
  private decoy = DECOY;

  constructor(
    private readonly uniformAnswerMs: number,
    private readonly hasher: SecretHasher,
    private readonly slots = new HashSlots(),
  ) {
    super();
  }

  override mistakeIn(hash: string): string | null {
    const reading = read(hash);
    return typeof reading === 'function' ? null : reading.mistake;
  }

  override async verify(hash: string | undefined, secret: string): Promise<boolean> {
    const startedAt = performance.now();
    const compare = this.comparisonWith(hash ?? this.decoy);
    const matches = compare !== null && (await compare(secret));
    if (hash !== undefined && compare !== null) this.decoy = hash;
    if (matches && hash !== undefined) return true;
    const everyMs = this.uniformAnswerMs * UNIFORM_ANSWERS;
    if (everyMs > 0) await pause(everyMs - ((performance.now() - startedAt) % everyMs));
    return false;
  }

  override async hash(secret: string): Promise<string> {
    return `${CHOSEN_HERE}${await this.hasher.hash(normal(secret))}`;
  }

  /** null where nothing can be compared with it. */
  private comparisonWith(hash: string): Comparison | null {
    if (hash.startsWith(CHOSEN_HERE)) {
      return (secret) => this.hasher.verify(hash.slice(CHOSEN_HERE.length), normal(secret));
    }
    const reading = read(hash);
    return typeof reading === 'function' ? (secret) => this.slots.run(() => reading(secret)) : null;
  }
}

const normal = (secret: string): string => secret.normalize('NFC');

function read(hash: string): Reading {
  for (const [form, reader] of schemes) {
    const found = form.exec(hash);
    if (found) return reader(hash, found);
  }
  return { mistake: 'is of no scheme that is known here' };
}

const tooCostly: Reading = { mistake: 'costs more to compare with than is allowed here' };

const schemes: readonly (readonly [RegExp, (hash: string, found: RegExpExecArray) => Reading])[] = [
  [
    /^\$argon2id\$v=19\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$[A-Za-z0-9+/]{11,88}\$[A-Za-z0-9+/]{16,88}$/,
    (hash, [, memory, passes, lanes]) => {
      const isDear =
        Number(memory) > ARGON2_MEMORY_KIB_MAX ||
        Number(memory) * Number(passes) > ARGON2_WORK_MAX ||
        Number(lanes) > ARGON2_LANES_MAX;
      return isDear ? tooCostly : (secret) => verifyArgon2(hash, secret);
    },
  ],
  [
    /^\$2[aby]\$(\d\d)\$[A-Za-z0-9./]{53}$/,
    (hash, [, cost]) =>
      Number(cost) < 4 || Number(cost) > BCRYPT_COST_MAX
        ? tooCostly
        : (secret) => verifyBcrypt(secret, hash.replace('$2y$', '$2b$')),
  ],
  [
    // As passlib, Django and LDAP servers write it.
    /^(?:\$pbkdf2-sha256\$(?:i=)?|pbkdf2_sha256\$|\{PBKDF2-SHA256\})(\d{1,9})(?:,l=\d+)?\$([^$]{4,128})\$([A-Za-z0-9+/.]{43}=?)$/,
    (hash, [, rounds, salt = '', digest = '']) => {
      if (Number(rounds) < 1 || Number(rounds) > PBKDF2_ROUNDS_MAX) return tooCostly;
      // Django's salt is text; the others' is base64 with `.` in the place of `+`.
      const bytes = hash.startsWith('pbkdf2_') ? Buffer.from(salt) : fromBase64(salt);
      return pbkdf2Comparison(Number(rounds), bytes, fromBase64(digest));
    },
  ],
  [/^\{SSHA\}([A-Za-z0-9+/]{28,128}={0,2})$/i, (_, [, box = '']) => saltedHash('sha1', 20, box)],
  [/^\{SSHA256\}([A-Za-z0-9+/]{44,128}={0,2})$/i, (_, [, box = '']) => saltedHash('sha256', 32, box)],
];

const fromBase64 = (text: string): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64');

const derived = promisify(pbkdf2);

const pbkdf2Comparison =
  (rounds: number, salt: Buffer, digest: Buffer): Comparison =>
  async (secret) =>
    timingSafeEqual(await derived(secret, salt, rounds, digest.length, 'sha256'), digest);

/** LDAP's: the digest, and behind it the salt. */
function saltedHash(algorithm: 'sha1' | 'sha256', digestBytes: number, box: string): Reading {
  const bytes = Buffer.from(box, 'base64');
  const salt = bytes.subarray(digestBytes);
  if (salt.length === 0 || salt.length > SALT_BYTES_MAX) {
    return { mistake: `has no salt of 1 to ${SALT_BYTES_MAX} bytes` };
  }
  const digest = bytes.subarray(0, digestBytes);
  return async (secret) =>
    timingSafeEqual(createHash(algorithm).update(secret).update(salt).digest(), digest);
}
