import { createCipheriv, createDecipheriv, randomBytes, randomFillSync } from 'node:crypto';
import type { KeyStore, WrappedKey } from '../ports.js';
import { RecentMap } from './recent-map.js';
import type { MasterKey } from './secrets.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FIND_MAX = 1000;

const nonces = Buffer.alloc(NONCE_BYTES * 512);
let noncesUsed = nonces.length;

/** Random, and handed out once: fetched many at a time, since asking the system costs as much as sealing. */
function freshNonce(): Uint8Array {
  if (noncesUsed === nonces.length) {
    randomFillSync(nonces);
    noncesUsed = 0;
  }
  return nonces.subarray(noncesUsed, (noncesUsed += NONCE_BYTES));
}

/** Encrypts with AES-256-GCM; `context` is authenticated, so that a box cannot be moved. Returns nonce, text, tag. */
export function seal(key: Uint8Array, plain: Uint8Array | string, context: string): Buffer {
  const nonce = freshNonce();
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context));
  const text = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  return Buffer.concat([nonce, text, cipher.final(), cipher.getAuthTag()]);
}

/** Throws when the box was altered, moved, or sealed with another key. */
export function unseal(key: Uint8Array, box: Uint8Array, context: string): Buffer {
  const plain = tryUnseal(key, box, context);
  if (plain === undefined) throw new Error('the box was altered, moved, or sealed with another key');
  return plain;
}

/** As `unseal`, but undefined where that throws. */
export function tryUnseal(key: Uint8Array, box: Uint8Array, context: string): Buffer | undefined {
  // A shorter tag would be easier to guess; the cipher would take it.
  if (box.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(box.subarray(box.length - TAG_BYTES));
  const text = decipher.update(box.subarray(NONCE_BYTES, box.length - TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]);
  } catch {
    // The only thing that `final` has to say here.
    return undefined;
  }
}

/** Nothing more can be sealed for a person whose key was destroyed. */
export class PersonErasedError extends Error {
  override readonly name = 'PersonErasedError';
}

/** The data keys of persons: made on first use, durable before they are used, cached (at most `cacheMax`). */
export class Keyring {
  private readonly cache: RecentMap<string, Buffer>;
  private readonly masters: ReadonlyMap<string, MasterKey>;
  /** Counts erasures: a key read before one must not be kept after it. */
  private erasures = 0;

  constructor(
    private readonly store: KeyStore,
    private readonly current: MasterKey,
    older: readonly MasterKey[] = [],
    cacheMax = 200_000,
  ) {
    this.cache = new RecentMap(cacheMax);
    this.masters = new Map([current, ...older].map((key) => [key.id, key]));
  }

  /** The person's key where it is known here. */
  heldKey(person: string): Buffer | undefined {
    return this.cache.get(person);
  }

  /** The person's key, made when there is none. Throws `PersonErasedError`, `StoreUnavailable`. */
  async sealingKey(person: string): Promise<Buffer> {
    const cached = this.cache.get(person);
    if (cached) return cached;
    const { erasures } = this;
    const found = (await this.store.find([person])).get(person);
    const held = found ?? (await this.store.putIfAbsent(this.wrap(person, randomBytes(32))));
    if (!held) throw new PersonErasedError('the data key of this person was destroyed');
    const key = this.unwrap(held);
    if (erasures === this.erasures) this.cache.set(person, key);
    return key;
  }

  /** Makes the keys of many persons at once and holds them, so that `sealingKey` need not ask: one by one that costs more than the
   *  sealing. Erased persons are left out. At most 1,000 persons. Throws `StoreUnavailable`. */
  async prepareSealingKeys(persons: readonly string[]): Promise<void> {
    const unknown = [...new Set(persons)].filter((person) => this.cache.get(person) === undefined);
    const { erasures } = this;
    const found = await this.store.find(unknown);
    const keys = new Map([...found].map(([person, held]) => [person, this.unwrap(held)]));
    const missing = unknown.filter((person) => !found.has(person));
    const random = randomBytes(KEY_BYTES * missing.length);
    const made = missing.map((_, index) => random.subarray(KEY_BYTES * index, KEY_BYTES * (index + 1)));
    const own = made.map((key, index) => this.wrap(missing[index]!, key));
    const kept = await this.store.putAllIfAbsent(own);
    for (const [index, held] of kept.entries()) {
      if (held === null) continue;
      keys.set(held.person, isSameWrapping(held, own[index]!) ? made[index]! : this.unwrap(held));
    }
    if (erasures !== this.erasures) return;
    for (const [person, key] of keys) this.cache.set(person, key);
  }

  /** The keys that exist. A key that cannot be unwrapped fails loudly: it means the wrong master key, not an erasure. */
  async openingKeys(persons: Iterable<string>): Promise<Map<string, Buffer>> {
    const { erasures } = this;
    const keys = new Map<string, Buffer>();
    const missing: string[] = [];
    for (const person of new Set(persons)) {
      const cached = this.cache.get(person);
      if (cached) keys.set(person, cached);
      else missing.push(person);
    }
    for (let from = 0; from < missing.length; from += FIND_MAX) {
      for (const held of (await this.store.find(missing.slice(from, from + FIND_MAX))).values()) {
        const key = this.unwrap(held);
        keys.set(held.person, key);
        if (erasures === this.erasures) this.cache.set(held.person, key);
      }
    }
    return keys;
  }

  /** Forgets what it holds in memory: others may have destroyed keys meanwhile. */
  forget(): void {
    this.erasures += 1;
    this.cache.clear();
  }

  /** Destroys the key for ever, here and in the store. */
  async erase(person: string): Promise<void> {
    await this.store.destroy(person);
    this.erasures += 1;
    this.cache.delete(person);
  }

  private wrap(person: string, key: Uint8Array): WrappedKey {
    return {
      person,
      masterKeyId: this.current.id,
      wrapped: seal(this.current.bytes, key, `data-key:${person}`),
    };
  }

  private unwrap(held: WrappedKey): Buffer {
    const master = this.masters.get(held.masterKeyId);
    if (!master)
      throw new Error(`a data key is wrapped by master key ${held.masterKeyId}, which is not configured`);
    return unseal(master.bytes, held.wrapped, `data-key:${held.person}`);
  }
}

const isSameWrapping = (a: WrappedKey, b: WrappedKey): boolean =>
  a.masterKeyId === b.masterKeyId && Buffer.compare(a.wrapped, b.wrapped) === 0;
