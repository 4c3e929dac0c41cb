import { isIPv6 } from 'node:net';
import { RecentMap } from '../engine/recent-map.js';
import { deriveKey, keyedHash } from '../engine/secrets.js';
import { seal, unseal } from '../engine/sealing.js';
import type { Instant, Position } from '../ports.js';

const CLIENTS_KEPT_MAX = 10_000;
const POSITION_LENGTH_MAX = 64;

/** Keyed values that leave the service: each made with a key of its own, derived from the master key. */
export class PortalKeys {
  private readonly client: Buffer;
  private readonly clients = new RecentMap<string, string>(CLIENTS_KEPT_MAX);
  private readonly body: Buffer;
  private readonly csrf: Buffer;
  private readonly position: Buffer;

  constructor(masterKey: Uint8Array) {
    this.client = deriveKey(masterKey, 'client');
    this.body = deriveKey(masterKey, 'body-fingerprint');
    this.csrf = deriveKey(masterKey, 'csrf');
    this.position = deriveKey(masterKey, 'consistency-token');
  }

  /** Names a client for one calendar month; an IPv6 client by its /64, of which one subscriber has all addresses. */
  clientKey(address: string, now: Instant): string {
    const month = new Date(now).toISOString().slice(0, 7);
    const known = this.clients.get(`${month} ${address}`);
    if (known !== undefined) return known;
    const key = keyedHash(this.client, [month, networkOf(address)], 16);
    this.clients.set(`${month} ${address}`, key);
    return key;
  }

  fingerprint(body: string): string {
    return keyedHash(this.body, [body], 16);
  }

  csrfToken(sessionId: string): string {
    return keyedHash(this.csrf, [sessionId], 24);
  }

  consistencyToken(position: Position): string {
    return seal(this.position, position, 'position').toString('base64url');
  }

  /** null for what this service did not make. */
  openConsistencyToken(token: string): Position | null {
    const box = Buffer.from(token, 'base64url');
    if (box.length <= 28 || box.length > 28 + POSITION_LENGTH_MAX) return null;
    try {
      return unseal(this.position, box, 'position').toString();
    } catch {
      // Altered or made with another key: the same to the caller as a wrong one.
      return null;
    }
  }
}

function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const left = head.split(':').filter(Boolean);
  const right = (tail ?? '').split(':').filter(Boolean);
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(Math.max(0, zeros)).fill('0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
