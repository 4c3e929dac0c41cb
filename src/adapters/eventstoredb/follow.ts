import {
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type Position as LogPosition,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { ExponentialBackoff } from 'cockatiel';
import { setTimeout as pause } from 'node:timers/promises';

import { type Position, type RecordedEvent, StoreUnavailable } from '../../ports.js';
import type { Connection } from './connection.js';
import { isOurs, logPosition, recorded } from './stored-event.js';

/** Events of one batch; as many wait in the client while one is worked on. */
const BATCH_MAX = 256;
/** How many pages of foreign events the server considers between two checkpoints, which nobody reads. */
const CHECKPOINT_INTERVAL = 1_000;
const RESUBSCRIBE_MS = { initialDelay: 50, maxDelay: 1_000 };
const CONNECT_MS = 5_000;

/** As `EventStore.follow`; throws `StoreUnavailable` when the connection is closed meanwhile. Whatever ends a subscription, the next
 *  begins after the last event that was handed over: checkpoints of the server could be ahead of what still waits in the client. */
export async function* follow(
  connection: Connection,
  prefix: string,
  after: Position | null,
  signal: AbortSignal,
): AsyncGenerator<RecordedEvent[], void> {
  let last = after === null ? null : logPosition(after);
  let backoff = new ExponentialBackoff(RESUBSCRIBE_MS).next();
  while (!signal.aborted) {
    try {
      const { client, over } = await connection.subscriber(CONNECT_MS);
      for await (const batch of subscription(client, prefix, last, [signal, over])) {
        last = logPosition(batch.at(-1)!.position);
        backoff = new ExponentialBackoff(RESUBSCRIBE_MS).next();
        yield batch;
      }
    } catch {
      // An outage of the store: `ping` and the follower's lag tell of it, and nothing is skipped.
    }
    if (signal.aborted) return;
    if (connection.closed) throw new StoreUnavailable('the connection to EventStoreDB is closed');
    await pause(backoff.duration, undefined, { signal }).catch(() => undefined);
    backoff = backoff.next(undefined);
  }
}

/** Batches until it fails or somebody aborts. */
async function* subscription(
  client: EventStoreDBClient,
  prefix: string,
  after: LogPosition | null,
  signals: readonly AbortSignal[],
): AsyncGenerator<RecordedEvent[], void> {
  const subscribed = client.subscribeToAll(
    {
      fromPosition: after ?? START,
      filter:
        prefix === ''
          ? streamNameFilter({ regex: '^[^$]', checkpointInterval: CHECKPOINT_INTERVAL })
          : streamNameFilter({ prefixes: [prefix], checkpointInterval: CHECKPOINT_INTERVAL }),
    },
    { highWaterMark: BATCH_MAX },
  );
  const news = new News(subscribed, signals);
  try {
    while (!signals.some(({ aborted }) => aborted)) {
      const batch = waiting(subscribed, prefix);
      if (batch.length > 0) yield batch;
      else if (!(await news.next())) return;
    }
  } finally {
    news.end();
    // It may never have begun.
    subscribed.unsubscribe().catch(() => undefined);
  }
}

/** What waits in the client, and is ours, up to a batch. */
function waiting(subscribed: AllStreamSubscription, prefix: string): RecordedEvent[] {
  const batch: RecordedEvent[] = [];
  while (batch.length < BATCH_MAX) {
    const resolved = subscribed.read() as AllStreamResolvedEvent | null;
    if (resolved === null) break;
    if (resolved.event !== undefined && isOurs(resolved.event, prefix)) {
      batch.push(recorded(resolved.event, prefix));
    }
  }
  return batch;
}

/** Tells when to look at a subscription again. */
class News {
  private failure: Error | undefined;
  private ended = false;
  private wake = () => {};

  constructor(
    subscribed: AllStreamSubscription,
    private readonly signals: readonly AbortSignal[],
  ) {
    subscribed.on('readable', () => this.wake());
    // Stays after the end: an error that nobody listens for would end the process.
    subscribed.on('error', (error) => {
      this.failure ??= error;
      this.wake();
    });
    for (const over of ['end', 'close'] as const) subscribed.on(over, this.stop);
    for (const signal of signals) signal.addEventListener('abort', this.stop);
  }

  /** False when there will be none. Throws what ended the subscription. */
  async next(): Promise<boolean> {
    if (this.failure === undefined && !this.ended) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    if (this.failure !== undefined) throw this.failure;
    return !this.ended;
  }

  end(): void {
    for (const signal of this.signals) signal.removeEventListener('abort', this.stop);
  }

  private readonly stop = (): void => {
    this.ended = true;
    this.wake();
  };
}
