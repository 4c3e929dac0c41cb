import type { INestApplicationContext } from '@nestjs/common';
import { Codec } from './engine/codec.js';
import { LiveProjections } from './engine/live-projections.js';
import { Rebuild } from './engine/rebuild.js';
import { rebuildViews } from './engine/rebuild-views.js';
import { Clock, EventStore, ReadStore } from './ports.js';
import { projections } from './projections/all.js';

const PAGE = 2_000;

/** Rebuilds views in this thread, for stores that a worker cannot open as files. The events to do are not known beforehand: those
 *  done are reported as all. Throws when the signal aborts. */
export async function rebuildHere(
  app: INestApplicationContext,
  names: readonly string[],
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const wanted = projections.filter(({ name }) => names.includes(name));
  const builder = new Rebuild(
    wanted,
    app.get(EventStore),
    app.get(Codec),
    app.get(ReadStore),
    app.get(Clock),
    {
      pageMax: PAGE,
    },
  );
  const parts = [{ projections: names, builder }];
  await rebuildViews(app.get(LiveProjections), parts, (done) => onProgress(done, done), signal);
}
