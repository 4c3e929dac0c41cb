import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after so long, or as soon as the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Resolves when the signal aborts. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

/** True when the work ends within so long, however it ends; false when it goes on. */
export async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const enough = new AbortController();
  const ended = work.then(
    () => true,
    () => true,
  );
  const result = await Promise.race([ended, pause(ms, enough.signal).then(() => false)]);
  enough.abort();
  return result;
}

/** Pauses after failures: doubled each time, up to a quarter shorter at random so that many do not come back at once. */
export class Backoff {
  private failures = 0;

  constructor(
    private readonly firstMs: number,
    private readonly maxMs: number,
  ) {}

  nextMs(): number {
    const ms = Math.min(this.maxMs, this.firstMs * 2 ** this.failures);
    this.failures += 1;
    return ms * (1 - Math.random() / 4);
  }

  reset(): void {
    this.failures = 0;
  }
}

/** Wakes all who wait for something to change. Who was woken looks for himself what changed. */
export class Bell {
  private readonly waiting = new Set<() => void>();

  ring(): void {
    for (const wake of this.waiting) wake();
  }

  /** Resolves at the next ring, or as soon as the signal aborts. */
  rung(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}

/** Lets so many through at a time. */
export class Slots {
  private readonly queue: (() => void)[] = [];

  constructor(private free: number) {}

  async within<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
