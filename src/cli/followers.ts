import { positionNumber } from '../adapters/embedded/log-connection.js';
import { isShared, type Settings } from '../config.js';
import { lagOf, type Lag } from '../engine/projection-lag.js';
import { reactionView } from '../engine/reaction-run.js';
import type { EventStore, ParkedStream, Position } from '../ports.js';
import { projections } from '../projections/all.js';
import { reactionNames } from '../reactions/all.js';
import { openKept, type KeptStores } from './kept-stores.js';

/** Whatever works its way through the log, as the stores tell. */
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
  const stores = await openKept(settings);
  const count = isShared(settings) ? countByReading : countByPosition;
  try {
    const projected = projections.map(({ name }) => stateOf(name, 'projection', name, stores, count));
    const reacted = reactionNames.map((name) => stateOf(name, 'reaction', reactionView(name), stores, count));
    return await Promise.all([...projected, ...reacted]);
  } finally {
    await stores.close();
  }
}

async function stateOf(
  name: string,
  kind: FollowerState['kind'],
  view: string,
  { views, events: log }: KeptStores,
  count: CountAfter,
): Promise<FollowerState> {
  const position = await views.checkpoint(view);
  const head = await log.head();
  const behind = await count(log, position, head);
  const countable = {
    read: (after: Position | null, limit: number) => log.readLog(after, limit),
    countAfter: () => behind,
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

type CountAfter = (
  log: EventStore,
  after: Position | null,
  head: Position | null,
) => Promise<{ readonly events: number; readonly exact: boolean }>;

/** Positions of the embedded log have no gaps. */
const countByPosition: CountAfter = async (_log, after, head) => ({
  events: Math.max(0, positionNumber(head) - positionNumber(after)),
  exact: true,
});

const COUNTED_MAX = 10_000;

/** Those of EventStoreDB do: it is the events that are counted, up to a point. */
const countByReading: CountAfter = async (log, after) => {
  const { length } = await log.readLog(after, COUNTED_MAX);
  return { events: length, exact: length < COUNTED_MAX };
};
