import { setTimeout as pause } from 'node:timers/promises';
import type { Allowances } from './adapters/client-limits.js';
import { EsdbEventStore } from './adapters/eventstoredb/event-store.js';
import { MongoBlobStore } from './adapters/mongodb/blob-store.js';
import { MongoClientLimits } from './adapters/mongodb/client-limits.js';
import { MongoConnection } from './adapters/mongodb/connection.js';
import { MongoKeyStore } from './adapters/mongodb/key-store.js';
import { MongoLeases } from './adapters/mongodb/leases.js';
import { MongoReadStore } from './adapters/mongodb/read-store.js';
import { ConfigError, type Config } from './config.js';
import { LOG_MARK_ID, logMarkDecider } from './domain/service/log-mark.js';
import type { Report } from './engine/follower.js';
import { streamName } from './engine/streams.js';
import type { Clock, EventStore } from './ports.js';
import type { Stores } from './stores.js';

/** The log in EventStoreDB, and all else in MongoDB, for any number of instances. Throws `StoreUnavailable` where one of them does not
 *  answer, and `EventsNotKept` where events of ours would be removed. */
export async function openSharedStores(
  config: Pick<Config, 'EVENT_STORE_URL' | 'EVENT_STORE_PREFIX' | 'READ_STORE_URL'>,
  report?: Report,
): Promise<Stores> {
  const { EVENT_STORE_URL: url, EVENT_STORE_PREFIX: streamPrefix } = config;
  const events = await readable('EVENT_STORE_URL', () => EsdbEventStore.open({ url, streamPrefix }));
  let connection: MongoConnection | undefined;
  const close = async () => {
    await events.close();
    await connection?.close();
  };
  try {
    await answering(events);
    await events.assertKept([streamName(logMarkDecider, LOG_MARK_ID)]);
    const mongo = (connection = await readable('READ_STORE_URL', () =>
      MongoConnection.open({ url: config.READ_STORE_URL }),
    ));
    const [keys, blobs] = await Promise.all([MongoKeyStore.open(mongo), MongoBlobStore.open(mongo)]);
    const views = new MongoReadStore(mongo);
    const shared = {
      leases: new MongoLeases(mongo),
      limits: (allowances: Allowances, clock: Clock) =>
        new MongoClientLimits(allowances, clock, mongo, { report }),
    };
    return { events, keys, blobs, views, checkpoints: views, dataDir: null, shared, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function readable<T>(setting: string, open: () => T | Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ConfigError([`${setting}: ${error.message}`]);
  }
}

const ASKED_TIMES_MAX = 3;
const ASKED_EVERY_MS = 500;

/** A server that was started at the same time may need a moment. Throws `StoreUnavailable`. */
async function answering(events: EventStore): Promise<void> {
  for (let time = 1; ; time += 1) {
    try {
      return await events.ping();
    } catch (error) {
      if (time === ASKED_TIMES_MAX) throw error;
    }
    await pause(ASKED_EVERY_MS);
  }
}
