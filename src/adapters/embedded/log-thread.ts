import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { type Appended, OutcomeUnknown, StoreUnavailable, VersionConflict } from '../../ports.js';
import type { AppendRequest } from '../append-request.js';
import { positionText } from './log-connection.js';
import type { LogOutcome } from './log-database.js';
import { type FromWriter, pack, type PackedAppends, type ToWriter } from './log-messages.js';

/** Appends that may wait for the disk at once; beyond these, `StoreUnavailable`. */
const WAITING_MAX = 4_096;
const WAITING_BYTES_MAX = 64 * 1024 * 1024;
const MESSAGE_APPENDS_MAX = 64;

export interface LogThreadOptions {
  readonly file: string;
  readonly writerUrl: URL;
  /** Appends without an answer for so long are `OutcomeUnknown`. */
  readonly answerMs: number;
  /** How long closing may take. */
  readonly closeMs: number;
}

interface Waiting {
  readonly request: AppendRequest;
  readonly bytes: number;
  readonly since: number;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: Error) => void;
}

/** The writer thread as the main thread sees it: a bounded queue of appends, answered in order. */
export class LogThread {
  /** Called after each group: the log may have grown. */
  onAnswer: () => void = () => undefined;
  private readonly waiting: Waiting[] = [];
  private waitingBytes = 0;
  private unsent: PackedAppends = [];
  private unsentCount = 0;
  private stopped: string | null = null;
  private closing: Promise<void> | null = null;
  private readonly exited: Promise<void>;
  private readonly deadline: NodeJS.Timeout;

  private constructor(
    private readonly worker: Worker,
    private readonly options: LogThreadOptions,
  ) {
    worker.on('message', (outcomes: Exclude<FromWriter, 'ready'>) => this.answer(outcomes));
    worker.on('error', (error) => this.stop(`the log's writer failed: ${String(error)}`));
    this.exited = new Promise((resolve) => {
      worker.on('exit', () => {
        this.stop("the log's writer has ended");
        resolve();
      });
    });
    this.deadline = setInterval(() => this.expire(), options.answerMs / 10).unref();
  }

  /** Resolves when the log takes appends. */
  static async start(options: LogThreadOptions): Promise<LogThread> {
    const worker = new Worker(options.writerUrl, { workerData: { file: options.file } });
    await once(worker, 'message');
    return new LogThread(worker, options);
  }

  append(request: AppendRequest, bytes: number): Promise<Appended> {
    return new Promise((resolve, reject) => {
      if (this.stopped !== null) return reject(new StoreUnavailable(this.stopped));
      if (this.waiting.length >= WAITING_MAX || this.waitingBytes + bytes > WAITING_BYTES_MAX) {
        return reject(new StoreUnavailable('too many appends wait for the disk'));
      }
      if (this.isStuck()) {
        return reject(new StoreUnavailable(`the log has not answered for ${this.options.answerMs} ms`));
      }
      this.waiting.push({ request, bytes, since: performance.now(), resolve, reject });
      this.waitingBytes += bytes;
      this.sendSoon(request);
    });
  }

  /** Finishes what waits. Throws `StoreUnavailable` when the thread has not ended in time: it may still write. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  /** One message for the appends of a turn of the loop, since a message costs more than an append: at its end, after all microtasks;
   *  of a long turn now and then, so that the writer is at work meanwhile. */
  private sendSoon(request: AppendRequest): void {
    if (this.unsentCount === 0) process.nextTick(() => this.send());
    pack(request, this.unsent);
    this.unsentCount += 1;
    if (this.unsentCount === MESSAGE_APPENDS_MAX) this.send();
  }

  private send(): void {
    if (this.unsentCount === 0) return;
    this.worker.postMessage(this.unsent satisfies ToWriter);
    this.unsent = [];
    this.unsentCount = 0;
  }

  private answer(outcomes: readonly LogOutcome[]): void {
    const answered = this.waiting.splice(0, outcomes.length);
    for (const [index, { request, bytes, resolve, reject }] of answered.entries()) {
      this.waitingBytes -= bytes;
      settle(request, outcomes[index]!, resolve, reject);
    }
    this.onAnswer();
  }

  /** They keep their places: the writer may still answer them, to nobody. */
  private expire(): void {
    const latest = performance.now() - this.options.answerMs;
    for (const { since, reject } of this.waiting) {
      if (since > latest) return;
      reject(new OutcomeUnknown(`the log did not answer within ${this.options.answerMs} ms`));
    }
  }

  /** An append would only wait for as long as the one before, and those behind it at the same stream one after the other. */
  private isStuck(): boolean {
    const [oldest] = this.waiting;
    return oldest !== undefined && performance.now() - oldest.since > this.options.answerMs;
  }

  private stop(cause: string): void {
    this.stopped ??= cause;
    for (const { reject } of this.waiting.splice(0)) reject(new OutcomeUnknown(cause));
    this.waitingBytes = 0;
  }

  private async end(): Promise<void> {
    this.send();
    this.stopped ??= 'the log is closed';
    this.worker.postMessage('close' satisfies ToWriter);
    const ended = await within(this.options.closeMs, this.exited);
    clearInterval(this.deadline);
    if (ended) return;
    const cause = `the log did not close within ${this.options.closeMs} ms`;
    this.stop(cause);
    // Never terminated: that aborts the process when it hits the middle of a statement.
    this.worker.unref();
    throw new StoreUnavailable(cause);
  }
}

/** Whether the promise resolves in time. */
function within(ms: number, promise: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms, false);
    void promise.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** Tells the one who asked for the append what became of it. */
export function settle(
  { stream, expected }: AppendRequest,
  outcome: LogOutcome,
  resolve: (appended: Appended) => void,
  reject: (error: Error) => void,
): void {
  switch (outcome[0]) {
    case 'written':
      return resolve({ revision: outcome[1], position: positionText(outcome[2]) });
    case 'conflict':
      return reject(new VersionConflict(stream, expected, outcome[1]));
    case 'unavailable':
      return reject(new StoreUnavailable(outcome[1]));
    case 'unknown':
      return reject(new OutcomeUnknown(outcome[1]));
  }
}
