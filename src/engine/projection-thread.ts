import { Worker } from 'node:worker_threads';
import type { ParkedStream, Position } from '../ports.js';
import type { Follower, Report } from './follower.js';
import { LiveProjections } from './live-projections.js';
import type { FollowingEvent, StreamOfProjection } from './serve-projections.js';
import { THREAD_HEAP_MAX_MB, ThreadCalls } from './thread-calls.js';
import { Backoff, endsWithin, pause } from './waiting.js';

export interface ProjectionThreadOptions {
  /** A built module that answers with `serveProjector`. */
  readonly url: URL;
  readonly workerData: unknown;
  readonly restartFirstMs?: number;
  readonly report?: Report;
}

const RESTART_MAX_MS = 30_000;
const HEALTHY_MS = 60_000;
const CLOSE_MS = 8_000;

/** Projections in a thread of their own, which is woken when the log moves, and started again when it dies. */
export class ProjectionThread extends LiveProjections {
  private calls: ThreadCalls<FollowingEvent> | null = null;
  private waking = new AbortController();
  private readonly closing = new AbortController();
  private readonly backoff: Backoff;
  private running: Promise<void> | null = null;

  constructor(
    names: readonly string[],
    private readonly follower: Pick<Follower, 'moved' | 'head'>,
    private readonly options: ProjectionThreadOptions,
  ) {
    super(names);
    this.backoff = new Backoff(options.restartFirstMs ?? 200, RESTART_MAX_MS);
  }

  start(): void {
    this.running ??= this.run();
  }

  refold(projection: string, stream: string): Promise<ParkedStream | null> {
    return this.call('refold', { projection, stream } satisfies StreamOfProjection);
  }

  pause(projection: string): Promise<void> {
    return this.call('pause', projection);
  }

  resume(projection: string): Promise<void> {
    return this.call('resume', projection);
  }

  /** Asks the thread to end, and waits. Never terminates it: that aborts the process when it hits the middle of a statement. */
  async close(): Promise<void> {
    this.closing.abort();
    this.waking.abort();
    const ended = Promise.allSettled([this.calls?.call('close'), this.running]);
    if (!(await endsWithin(CLOSE_MS, ended))) {
      this.options.report?.('closing the projections', new Error(`the thread did not end in ${CLOSE_MS} ms`));
    }
  }

  private async run(): Promise<void> {
    while (!this.closing.signal.aborted) {
      const startedAt = performance.now();
      const cause = await this.oneLife();
      this.calls = null;
      this.waking.abort();
      if (this.closing.signal.aborted) return;
      this.options.report?.('the projection thread', cause);
      const failure = `the projection thread ended: ${cause.message}`;
      for (const state of this.states()) this.changed({ ...state, failure });
      if (performance.now() - startedAt > HEALTHY_MS) this.backoff.reset();
      await pause(this.backoff.nextMs(), this.closing.signal);
    }
  }

  /** Resolves with the cause of its end. */
  private oneLife(): Promise<Error> {
    return new Promise((resolve) => {
      const worker = new Worker(this.options.url, {
        workerData: this.options.workerData,
        resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MAX_MB },
      });
      let cause: Error | null = null;
      worker.on('error', (error) => (cause = error as Error));
      worker.on('exit', (code) => resolve(cause ?? new Error(`exit code ${code}`)));
      this.calls = new ThreadCalls<FollowingEvent>(worker, (event) => this.told(event));
    });
  }

  private told(event: FollowingEvent): void {
    if ('idleAt' in event) void this.wakeAfter(event.idleAt);
    else this.changed(event);
  }

  /** While the thread works it reads on by itself: it needs waking only once it has said that it rests. */
  private async wakeAfter(idleAt: Position | null): Promise<void> {
    this.waking.abort();
    const waking = (this.waking = new AbortController());
    await this.follower.moved(idleAt, waking.signal);
    if (waking.signal.aborted || this.closing.signal.aborted) return;
    this.calls?.tell('wake', this.follower.head);
  }

  private call<T>(method: string, argument: unknown): Promise<T> {
    return (
      this.calls?.call<T>(method, argument) ?? Promise.reject(new Error('the projection thread is down'))
    );
  }
}
