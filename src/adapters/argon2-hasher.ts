import { hash, verify, type Options } from '@node-rs/argon2';
import { SecretHasher } from '../ports.js';
import { HashSlots } from './hash-slots.js';

export interface HashCost {
  readonly memoryKiB: number;
  readonly passes: number;
}

const READABLE = /^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{16,}$/;

/** argon2id in libuv's threads. */
export class Argon2Hasher extends SecretHasher {
  private readonly slots: HashSlots;
  private readonly options: Options;
  private readonly parameters: string;
  private readonly decoy: Promise<string>;

  constructor(
    cost: HashCost,
    /** Keyed into every hash and kept apart from them: a stolen log alone cannot be guessed at. */
    pepper: Uint8Array,
    slots?: number,
    waitingMax?: number,
  ) {
    super();
    this.slots = new HashSlots(slots, waitingMax);
    this.options = {
      memoryCost: cost.memoryKiB,
      timeCost: cost.passes,
      parallelism: 1,
      secret: pepper,
    };
    // Made beforehand: made for the first stranger, it would make that answer a late one.
    this.decoy = hash('nobody has this password', this.options);
    this.decoy.catch(() => undefined); // Told to whoever needs it.
    this.parameters = `$argon2id$v=19$m=${cost.memoryKiB},t=${cost.passes},p=1$`;
  }

  override hash(secret: string): Promise<string> {
    return this.slots.run(() => hash(secret, this.options));
  }

  override verify(hashed: string, secret: string): Promise<boolean> {
    return this.slots.run(async () => {
      if (!READABLE.test(hashed)) return false;
      return verify(hashed, secret, this.options);
    });
  }

  override async verifyDecoy(secret: string): Promise<false> {
    await this.verify(await this.decoy, secret);
    return false;
  }

  override isOutdated(hashed: string): boolean {
    return !hashed.startsWith(this.parameters);
  }
}
