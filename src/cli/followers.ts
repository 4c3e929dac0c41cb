import { positionNumber } from '../adapters/embedded/log-connection.js';
import type { EmbeddedLogReader } from '../adapters/embedded/log-reader.js';
import { EmbeddedReadStore } from '../adapters/embedded/view-store.js';
import type { Settings } from '../config.js';
import { lagOf, type Lag } from '../engine/projection-lag.js';
import { reactionView } from '../engine/reaction-run.js';
import type { ParkedStream, Position } from '../ports.js';
import { projections } from '../projections/all.js';
import { reactionNames } from '../reactions/all.js';
import { openLog } from './data-directory.js';

/** Whatever works its way through the log, as its files tell. */
export interface FollowerState {
  readonly name: string;
  readonly kind: 'projection' | 'reaction';
  readonly position: Position | null;
  /** It tells of events that the log does not have: the log is an older copy. */
  readonly aheadOfLog: boolean;
  readonly lag: Lag;
  readonly parked: readonly ParkedStream[];
}

/** Reads beside the service, if one runs. Throws `CommandFailed` where there is no log. */
export async function followerStates(settings: Settings): Promise<FollowerState[]> {
  const log = openLog(settings);
  const views = EmbeddedReadStore.open({ dataDir: settings.DATA_DIR, readOnly: true });
  try {
    const projected = projections.map(({ name }) => stateOf(name, 'projection', name, views, log));
    const reacted = reactionNames.map((name) => stateOf(name, 'reaction', reactionView(name), views, log));
    return await Promise.all([...projected, ...reacted]);
  } finally {
    await views.close();
    log.close();
  }
}

async function stateOf(
  name: string,
  kind: FollowerState['kind'],
  view: string,
  views: EmbeddedReadStore,
  log: EmbeddedLogReader,
): Promise<FollowerState> {
  const position = await views.checkpoint(view);
  const head = await log.head();
  const countable = {
    read: (after: Position | null, limit: number) => log.readLog(after, limit),
    // Positions have no gaps.
    countAfter: (after: Position | null) => ({
      events: Math.max(0, positionNumber(head) - positionNumber(after)),
      exact: true,
    }),
  };
  return {
    name,
    kind,
    position,
    aheadOfLog: position !== null && (head === null || position > head),
    lag: await lagOf(countable, position, Date.now()),
    parked: await views.parked(view),
  };
}
