import type { LiveProjections } from './live-projections.js';
import type { ViewBuilder } from './rebuild.js';

export interface RebuildPart {
  readonly projections: readonly string[];
  readonly builder: ViewBuilder;
}

/** Rebuilds views beside the live ones and swaps each in while its projection rests. Each view is either swapped whole or left as it
 *  was. Reports the least that any part has done. Closes the builders. */
export async function rebuildViews(
  live: Pick<LiveProjections, 'pause' | 'resume'>,
  parts: readonly RebuildPart[],
  onProgress: (eventsDone: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const done = parts.map(() => 0);
  const work = parts.map(async ({ builder, projections }, part) => {
    try {
      const progress = (events: number) => {
        done[part] = events;
        onProgress(Math.min(...done));
      };
      await builder.fill(progress, either);
      for (const projection of projections) await swap(live, builder, projection);
    } catch (error) {
      failed.abort(error);
      throw error;
    } finally {
      await builder.close();
    }
  });
  const failure = (await Promise.allSettled(work)).find(({ status }) => status === 'rejected');
  if (failure) throw failed.signal.reason;
}

async function swap(
  live: Pick<LiveProjections, 'pause' | 'resume'>,
  builder: ViewBuilder,
  projection: string,
): Promise<void> {
  await live.pause(projection);
  try {
    await builder.finish(projection);
  } finally {
    await live.resume(projection);
  }
}
