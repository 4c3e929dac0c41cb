import { availableParallelism } from 'node:os';
import { HasherBusy } from '../ports.js';

/** As many hashes at once as there are cores, since more are slower; the others wait in a queue. */
export class HashSlots {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly slots = availableParallelism(),
    /** Some ten seconds of waiting at today's cost: who comes then is better told to come again. */
    private readonly waitingMax = 300 * slots,
  ) {}

  /** Throws `HasherBusy`. */
  async run<T>(work: () => Promise<T>): Promise<T> {
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
