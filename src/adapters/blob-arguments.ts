import { webcrypto } from 'node:crypto';

import { BLOB_BYTES_MAX } from '../ports.js';

/** What a blob of these bytes is called. */
export async function nameOf(bytes: Uint8Array): Promise<string> {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('a blob is made of bytes');
  if (bytes.length > BLOB_BYTES_MAX) throw new RangeError(`a blob has at most ${BLOB_BYTES_MAX} bytes`);
  // Off the event loop: 32 MiB take some 50 ms.
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
}

/** The name becomes part of a path or of a filter: nothing else may. */
export function checkName(name: string): void {
  if (typeof name !== 'string' || !/^[0-9a-f]{64}$/.test(name))
    throw new TypeError('this is no name of a blob');
}
