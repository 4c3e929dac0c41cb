import { createPublicKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';

const KEYS_MAX = 20;
const FILE_BYTES_MAX = 64 * 1024;
const RSA_BITS_MIN = 2048;

/** What only a private or a shared key has. */
const secretParts = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const curves: readonly unknown[] = ['Ed25519', 'P-256', 'P-384', 'P-521'];

const keySet = z.looseObject({
  keys: z
    .array(
      z.looseObject({ kty: z.string(), kid: z.string().max(200).optional(), use: z.string().optional() }),
    )
    .min(1)
    .max(KEYS_MAX),
});
type Key = z.infer<typeof keySet>['keys'][number];

/** A JWK set of public keys: as it stands, or the path of a file that holds it. Names each mistake; nothing is asked for over the
 *  network. */
export const publicKeySet = z.string().transform((given, context): JSONWebKeySet => {
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const text = given.trimStart().startsWith('{') ? given : fileText(given);
  if (text === null) return refuse(`there is no file ${given} of at most 64 KiB that can be read`);
  const parsed = keySet.safeParse(parsedJson(text));
  if (!parsed.success) return refuse(`must be a JWK set: {"keys": [...]} of 1 to ${KEYS_MAX} keys`);
  const { keys } = parsed.data;
  const mistakes = keys.flatMap((key, index) => {
    const mistake = mistakeIn(key, keys);
    return mistake === null ? [] : [`key ${index + 1} ${mistake}`];
  });
  return mistakes.length > 0 ? refuse(mistakes.join('; ')) : { keys };
});

function fileText(path: string): string | null {
  try {
    return statSync(path).size > FILE_BYTES_MAX ? null : readFileSync(path, 'utf8');
  } catch {
    // Whatever the reason, it is no file that could be read.
    return null;
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function mistakeIn(key: Key, all: readonly Key[]): string | null {
  if (secretParts.some((part) => part in key)) return 'is not public: only public keys belong here';
  if (key.use !== undefined && key.use !== 'sig') return 'is not for signatures';
  if (key.kid === undefined && all.length > 1) return 'has no kid, which several keys need';
  if (all.some((other) => other !== key && other.kid === key.kid)) return 'has the kid of another one';
  if (key.kty !== 'RSA' && !curves.includes(key.crv)) {
    return 'must be RSA, or of the curve Ed25519, P-256, P-384 or P-521';
  }
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key, format: 'jwk' });
    const bits = asymmetricKeyDetails?.modulusLength;
    return bits !== undefined && bits < RSA_BITS_MIN ? `must have ${RSA_BITS_MIN} bits or more` : null;
  } catch {
    return 'is no public key';
  }
}
