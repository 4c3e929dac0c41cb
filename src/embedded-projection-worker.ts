import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { EmbeddedKeyStore } from './adapters/embedded/key-store.js';
import { EmbeddedLogReader } from './adapters/embedded/log-reader.js';
import { EmbeddedReadStore } from './adapters/embedded/view-store.js';
import { SystemClock } from './adapters/system.js';
import { BoundedLog } from './engine/bounded-log.js';
import { Codec, type EventSource } from './engine/codec.js';
import type { Projection } from './engine/projection.js';
import { Projector } from './engine/projector.js';
import { Rebuild } from './engine/rebuild.js';
import { Keyring } from './engine/sealing.js';
import { idleTeller, serveProjector, serveRebuild } from './engine/serve-projections.js';
import { WokenFeed } from './engine/woken-feed.js';
import type { ProjectionTask } from './embedded-projections.js';

/** Events of one page: so many make writes in key order fast, and take some 100 MB. */
const PAGE_MAX = 10_000;
/** Following keeps up with a busy main thread at a quarter of a core's weight; a rebuild takes what is left over. */
const FOLLOWING_NICENESS = 5;
const REBUILDING_NICENESS = 10;

/** A second root of composition beside the application's: projections on embedded stores, in this worker thread. */
export function serveEmbeddedProjections(
  projections: readonly Projection[],
  sources: readonly EventSource[],
): void {
  const port = parentPort!;
  const task = workerData as ProjectionTask;
  const log = EmbeddedLogReader.open(task.dataDir, null);
  const keys = EmbeddedKeyStore.openReadOnly(task.dataDir);
  const views = EmbeddedReadStore.open({ dataDir: task.dataDir });
  const [current, ...older] = task.masterKeys;
  const keyring = new Keyring(keys, current!, older);
  const codec = new Codec(sources, keyring);
  const clock = new SystemClock();
  const pages = new BoundedLog(log);
  const close = async () => {
    await views.close();
    await keys.close();
    log.close();
  };
  yieldToOtherThreads(task.rebuild ? REBUILDING_NICENESS : FOLLOWING_NICENESS);
  if (task.rebuild) {
    const chosen = projections.filter(({ name }) => task.rebuild!.includes(name));
    serveRebuild(port, new Rebuild(chosen, pages, codec, views, clock, { pageMax: PAGE_MAX }), close);
  } else {
    const feed = new WokenFeed(pages, codec, idleTeller(port));
    const projector = new Projector(projections, feed, log, views, clock, { pageMax: PAGE_MAX });
    serveProjector(port, projector, feed, close, () => keyring.forget());
  }
}

/** Linux keeps a priority for each thread; elsewhere it is the process's, and is left alone. */
function yieldToOtherThreads(niceness: number): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), niceness);
  } catch {
    // Without /proc the threads share evenly: slower answers, but right ones.
    return;
  }
}
