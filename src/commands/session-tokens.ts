import { createHash } from 'node:crypto';
import { equalInConstantTime } from '../engine/secrets.js';

const SECRET_BYTES = 32;
const TOKEN = /^([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})$/;

/** A bearer of this token is the account's owner: the account's id, and a secret of 256 bits that is stored only as its hash. */
export const sessionToken = (accountId: string, secret: Uint8Array): string =>
  `${accountId}.${Buffer.from(secret).toString('base64url')}`;

export const SESSION_SECRET_BYTES = SECRET_BYTES;

/** null for what cannot be a token. */
export function readSessionToken(token: string): { accountId: string; tokenHash: string } | null {
  const [, accountId, secret] = TOKEN.exec(token) ?? [];
  if (!accountId || !secret) return null;
  const bytes = Buffer.from(secret, 'base64url');
  // Two bits of the last character count for nothing: one token has one spelling.
  if (bytes.toString('base64url') !== secret) return null;
  return { accountId, tokenHash: hashOf(bytes) };
}

// The secret is random and long: a plain fast hash cannot be guessed at.
export const hashOf = (secret: Uint8Array): string => createHash('sha256').update(secret).digest('base64url');

export const sameToken = equalInConstantTime;
