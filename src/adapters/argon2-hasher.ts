import { availableParallelism } from 'node:os';
import { hash, verify, type Options } from '@node-rs/argon2';
import { HasherBusy, SecretHasher } from '../ports.js';

export interface HashCost {
  readonly memoryKiB: number;
  readonly passes: number;
}

const READABLE = /^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{16,}$/;

/** argon2id in libuv's threads. As many run at once as there are cores, since more are slower; the others wait in a queue. */
export class Argon2Hasher extends SecretHasher {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly options: Options;
  private readonly parameters: string;
  private readonly decoy: Promise<string>;

  constructor(
    cost: HashCost,
    /** Keyed into every hash and kept apart from them: a stolen log alone cannot be guessed at. */
    pepper: Uint8Array,
    private readonly slots = availableParallelism(),
    /** Some ten seconds of waiting at today's cost: who comes then is better told to come again. */
    private readonly waitingMax = 300 * slots,
  ) {
    super();
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
    return this.inSlot(() => hash(secret, this.options));
  }

  override verify(hashed: string, secret: string): Promise<boolean> {
    return this.inSlot(async () => {
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

  private async inSlot<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.slots) {
      if (this.waiting.length >= this.waitingMax)
        throw new HasherBusy('too many passwords wait to be hashed');
      // Whoever finishes hands its slot on, so `running` stays as it is.
      await new Promise<void>((resume) => this.waiting.push(resume));
    } else {
      this.running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
