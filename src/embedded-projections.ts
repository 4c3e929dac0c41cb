import { positionNumber } from './adapters/embedded/log-connection.js';
import { EmbeddedLogReader } from './adapters/embedded/log-reader.js';
import type { Follower, Report } from './engine/follower.js';
import type { LiveProjections } from './engine/live-projections.js';
import { ProjectionThread } from './engine/projection-thread.js';
import { RebuildThread } from './engine/rebuild-thread.js';
import { rebuildViews } from './engine/rebuild-views.js';
import type { MasterKey } from './engine/secrets.js';

export interface EmbeddedProjectionsOptions {
  readonly dataDir: string;
  /** The current one first, then those that older data keys are wrapped by. */
  readonly masterKeys: readonly MasterKey[];
  /** The built projection-worker.js. */
  readonly workerUrl?: URL;
  readonly report?: Report;
}

/** What a worker is to do: to follow the log with all projections, or to rebuild those named. */
export interface ProjectionTask {
  readonly dataDir: string;
  readonly masterKeys: readonly MasterKey[];
  readonly rebuild?: readonly string[];
}

const REBUILD_THREADS_MAX = 2;
const BUILT_WORKER = new URL('./projection-worker.js', import.meta.url);

/** Projections on the stores of a DATA_DIR, in a thread of their own. The log and the keys must be there. */
export function projectionThread(
  names: readonly string[],
  follower: Follower,
  options: EmbeddedProjectionsOptions,
): ProjectionThread {
  return new ProjectionThread(names, follower, {
    url: options.workerUrl ?? BUILT_WORKER,
    workerData: taskOf(options),
    report: options.report,
  });
}

/** Rebuilds views beside the live ones, in at most two threads. Reports events done and to do. Throws when the signal aborts. */
export async function rebuildInThreads(
  names: readonly string[],
  live: Pick<LiveProjections, 'pause' | 'resume'>,
  options: EmbeddedProjectionsOptions,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const total = await eventsOf(options.dataDir);
  const threads = Math.min(REBUILD_THREADS_MAX, names.length);
  const parts = Array.from({ length: threads }, (_, thread) => {
    const rebuild = names.filter((_name, index) => index % threads === thread);
    const builder = new RebuildThread(options.workerUrl ?? BUILT_WORKER, taskOf(options, rebuild));
    return { projections: rebuild, builder };
  });
  await rebuildViews(live, parts, (done) => onProgress(done, Math.max(done, total)), signal);
}

async function eventsOf(dataDir: string): Promise<number> {
  const log = EmbeddedLogReader.open(dataDir, null);
  try {
    return positionNumber(await log.head());
  } finally {
    log.close();
  }
}

// Copies of the keys: a message would otherwise carry the whole pool that a Buffer is part of.
const taskOf = (options: EmbeddedProjectionsOptions, rebuild?: readonly string[]): ProjectionTask => ({
  dataDir: options.dataDir,
  masterKeys: options.masterKeys.map(({ id, bytes }) => ({ id, bytes: new Uint8Array(bytes) })),
  ...(rebuild && { rebuild }),
});
