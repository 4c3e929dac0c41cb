import { normalNumber } from '../domain/trade-account/trade-account.js';
import type { TradeAccountType } from '../domain/trade-account/events.js';
import { deriveKey, keyedHash } from '../engine/secrets.js';

/** Finds trade accounts by type and number, which appear only as keyed hashes. */
export class TradeAccounts {
  private readonly key: Buffer;

  constructor(addressKey: Uint8Array) {
    this.key = deriveKey(addressKey, 'trade-account');
  }

  /** The id that the trade account has, or would have: a UUID of version 8. */
  idOf(type: TradeAccountType, number: string): string {
    const bytes = Buffer.from(keyedHash(this.key, [type, normalNumber(number)], 16), 'base64url');
    bytes[6] = (bytes[6]! & 0x0f) | 0x80;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
}
