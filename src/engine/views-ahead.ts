import { StoreUnavailable, type EventStore, type Position, type ReadStore } from '../ports.js';
import { CheckpointAheadOfLog } from './projector.js';

/** Forgets the views whose checkpoint is beyond the end of the log, which so is an older copy: they tell of events that are not there,
 *  and would pass over the new ones at their positions. To be called before anything is appended; soon after, the log may have
 *  grown past them, and nobody could tell any more. Returns them by name, with what was wrong. */
export async function dropViewsAheadOfLog(
  names: readonly string[],
  read: Pick<ReadStore, 'checkpoint'>,
  write: Pick<ReadStore, 'drop'>,
  log: Pick<EventStore, 'head'>,
): Promise<Map<string, CheckpointAheadOfLog>> {
  // Before the end of the log is asked for: another instance may go on with both.
  const checkpoints = new Map<string, Position | null>();
  for (const name of names) checkpoints.set(name, await readableCheckpoint(name, read));
  const head = await log.head();
  const dropped = new Map<string, CheckpointAheadOfLog>();
  for (const [name, checkpoint] of checkpoints) {
    if (checkpoint === null || (head !== null && checkpoint <= head)) continue;
    await write.drop(name);
    const cause = `${name} stood at ${checkpoint}, beyond the end of the log (${head ?? 'empty'}): it is made anew`;
    dropped.set(name, new CheckpointAheadOfLog(cause));
  }
  return dropped;
}

/** null for a view that cannot be read: whoever follows the log with it will say so, and doors do not need it to open. */
async function readableCheckpoint(
  name: string,
  views: Pick<ReadStore, 'checkpoint'>,
): Promise<Position | null> {
  try {
    return await views.checkpoint(name);
  } catch (error) {
    if (error instanceof StoreUnavailable) return null;
    throw error;
  }
}
