import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { StoreUnavailable } from '../../ports.js';
import type { KeyChange, KeyOutcome } from './key-database.js';
import type { FromKeyWriter, ToKeyWriter } from './key-writer.js';

/** Changes that may wait for the disk at once; beyond these, `StoreUnavailable`. */
const WAITING_MAX = 4_096;
const CLOSE_MS = 5_000;

export interface KeyThreadOptions {
  readonly file: string;
  readonly writerUrl: URL;
  /** Changes without an answer for so long are `StoreUnavailable`. */
  readonly deadlineMs: number;
}

interface Waiting {
  readonly count: number;
  readonly since: number;
  readonly resolve: (outcomes: readonly KeyOutcome[]) => void;
  readonly reject: (error: Error) => void;
}

/** The writer thread as the main thread sees it: a bounded queue of changes, answered in order. */
export class KeyThread {
  private readonly waiting: Waiting[] = [];
  /** Changes, not callers. */
  private waitingCount = 0;
  private unsent: KeyChange[] = [];
  private stopped: string | null = null;
  private closing: Promise<void> | null = null;
  private readonly exited: Promise<void>;
  private readonly deadline: NodeJS.Timeout;

  private constructor(
    private readonly worker: Worker,
    private readonly deadlineMs: number,
  ) {
    worker.on('message', (outcomes: Exclude<FromKeyWriter, 'ready'>) => this.answer(outcomes));
    worker.on('error', (error) => this.stop(`the writer of keys failed: ${String(error)}`));
    this.exited = new Promise((resolve) => {
      worker.on('exit', () => {
        this.stop('the writer of keys has ended');
        resolve();
      });
    });
    this.deadline = setInterval(() => this.expire(), deadlineMs / 10).unref();
  }

  /** Resolves when keys can be written. */
  static async start({ file, writerUrl, deadlineMs }: KeyThreadOptions): Promise<KeyThread> {
    const worker = new Worker(writerUrl, { workerData: { file } });
    await once(worker, 'message');
    return new KeyThread(worker, deadlineMs);
  }

  /** At least one change. Resolves to an outcome for each. */
  change(changes: readonly KeyChange[]): Promise<readonly KeyOutcome[]> {
    return new Promise((resolve, reject) => {
      if (this.stopped !== null) return reject(new StoreUnavailable(this.stopped));
      const count = changes.length;
      if (this.waitingCount + count > WAITING_MAX) {
        return reject(new StoreUnavailable('too many keys wait for the disk'));
      }
      // One message for all changes of a turn of the loop, at its end: a message costs more than a change.
      if (this.unsent.length === 0) process.nextTick(() => this.send());
      this.unsent.push(...changes);
      this.waiting.push({ count, since: performance.now(), resolve, reject });
      this.waitingCount += count;
    });
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private send(): void {
    if (this.unsent.length === 0) return;
    this.worker.postMessage(this.unsent satisfies ToKeyWriter);
    this.unsent = [];
  }

  /** All of one message, and so of whole calls. */
  private answer(outcomes: readonly KeyOutcome[]): void {
    for (let from = 0; from < outcomes.length;) {
      const next = this.waiting.shift();
      // Nobody waits any more after the end of this.
      if (!next) return;
      next.resolve(outcomes.slice(from, from + next.count));
      from += next.count;
      this.waitingCount -= next.count;
    }
  }

  /** They keep their places: the writer may still answer them, to nobody. */
  private expire(): void {
    const latest = performance.now() - this.deadlineMs;
    for (const { since, reject } of this.waiting) {
      if (since > latest) return;
      reject(new StoreUnavailable(`the keys did not answer within ${this.deadlineMs} ms`));
    }
  }

  private stop(cause: string): void {
    this.stopped ??= cause;
    for (const { reject } of this.waiting.splice(0)) reject(new StoreUnavailable(cause));
    this.waitingCount = 0;
  }

  private async end(): Promise<void> {
    this.send();
    this.stopped ??= 'the keys are closed';
    this.worker.postMessage('close' satisfies ToKeyWriter);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_MS)));
    await Promise.race([this.exited, late]);
    clearTimeout(timer);
    clearInterval(this.deadline);
    this.stop('the keys were closed before they answered');
    // Never terminated: that aborts the process when it hits the middle of a statement.
    this.worker.unref();
  }
}
