import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** The service's keys: one master key (current, and older ones by id until everything is re-wrapped) and what is derived from
 *  it, and the address key, which names streams and so never changes. */
export interface MasterKey {
  /** Public: stands beside what the key made. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

export function masterKey(bytes: Uint8Array): MasterKey {
  return { id: Buffer.from(hkdfSync('sha256', bytes, '', 'portcullis/key-id', 4)).toString('hex'), bytes };
}

/** A 32-byte key for one purpose, so that a value made for one can never pass for another. */
export function deriveKey(key: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `portcullis/${purpose}`, 32));
}

/** Keyed hash of parts that cannot run into each other; `bytes` of it, in base64url. */
export function keyedHash(key: Uint8Array, parts: readonly string[], bytes = 32): string {
  const text = parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('');
  return createHmac('sha256', key).update(text).digest().subarray(0, bytes).toString('base64url');
}

/** Compares two texts in a time that tells nothing but their lengths. */
export function equalInConstantTime(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
