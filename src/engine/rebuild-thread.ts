import { Worker } from 'node:worker_threads';
import type { ViewBuilder } from './rebuild.js';
import type { RebuildEvent } from './serve-projections.js';
import { THREAD_HEAP_MAX_MB, ThreadCalls } from './thread-calls.js';

/** A rebuild in a thread of its own. */
export class RebuildThread implements ViewBuilder {
  private readonly calls: ThreadCalls<RebuildEvent>;
  private readonly exited: Promise<void>;
  private onProgress: (eventsDone: number) => void = () => undefined;

  /** `url` is a built module that answers with `serveRebuild`. */
  constructor(url: URL, workerData: unknown) {
    const worker = new Worker(url, {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MAX_MB },
    });
    this.exited = new Promise((resolve) => worker.on('exit', () => resolve()));
    this.calls = new ThreadCalls(worker, ({ eventsDone }) => this.onProgress(eventsDone));
  }

  async fill(onProgress: (eventsDone: number) => void, signal: AbortSignal): Promise<void> {
    this.onProgress = onProgress;
    const stop = () => this.calls.tell('abort');
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      await this.calls.call('fill');
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  finish(projection: string): Promise<void> {
    return this.calls.call('finish', projection);
  }

  async close(): Promise<void> {
    this.calls.tell('close');
    await this.exited;
  }
}
