/** Too much work waits for this key. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/** Runs work on one key one after the other, in order of arrival; at most `waitingMax` at a time for each key. */
export class Turns {
  private readonly queues = new Map<string, { tail: Promise<unknown>; length: number }>();

  constructor(private readonly waitingMax: number) {}

  /** Resolves as the work does. Throws `QueueFull`. */
  take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const queue = this.queues.get(key) ?? { tail: Promise.resolve(), length: 0 };
    if (queue.length >= this.waitingMax) return Promise.reject(new QueueFull('too much work waits here'));
    this.queues.set(key, queue);
    queue.length += 1;
    const result = queue.tail.then(work);
    const done = () => {
      queue.length -= 1;
      if (queue.length === 0) this.queues.delete(key);
    };
    queue.tail = result.then(done, done);
    return result;
  }
}
