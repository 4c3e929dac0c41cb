import { type Db, MongoClient, MongoError, ReadPreference } from 'mongodb';

import { StoreUnavailable } from '../../ports.js';

export interface MongoConnectionOptions {
  /** As MongoDB has it: one node, a replica set, or a sharded cluster's routers. */
  readonly url: string;
  /** Where the URL names no database. */
  readonly database?: string;
  readonly timeouts?: Partial<MongoTimeouts>;
}

/** How long anything may take; one call takes at most the sum, twice where the driver may repeat it. */
export interface MongoTimeouts {
  /** Until a primary is found. */
  readonly selectionMs: number;
  /** Until a connection is made, and until an answer comes over one. */
  readonly connectMs: number;
  readonly answerMs: number;
  /** Until a connection of the pool is free. */
  readonly queueMs: number;
  /** Until most of the replica set has a write. */
  readonly majorityMs: number;
}

const TIMEOUTS: MongoTimeouts = {
  selectionMs: 5_000,
  connectMs: 5_000,
  answerMs: 10_000,
  queueMs: 5_000,
  majorityMs: 5_000,
};
const CONNECTIONS_MAX = 20;
const CLOSE_MS = 3_000;
const DATABASE = 'portcullis';
const DUPLICATE_KEY = 11_000;

/** One pool of connections for all stores that are kept in one database. Close it after them. */
export class MongoConnection {
  private closing: Promise<void> | null = null;

  private constructor(
    private readonly client: MongoClient,
    readonly database: Db,
  ) {}

  /** Throws `StoreUnavailable` when no primary answers, and `TypeError` for what is no connection string. */
  static async open(options: MongoConnectionOptions): Promise<MongoConnection> {
    const client = newClient(options);
    const name = /^mongodb(?:\+srv)?:\/\/[^/]*\/([^?]+)/.exec(options.url)?.[1];
    const connection = new MongoConnection(client, client.db(name ?? options.database ?? DATABASE));
    try {
      await connection.ping();
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** Runs what asks the database. Its errors become `StoreUnavailable`. */
  async attempt<T>(work: (database: Db) => Promise<T>): Promise<T> {
    // The driver would open a closed client again.
    if (this.closing) throw new StoreUnavailable('the connection to MongoDB is closed');
    try {
      return await work(this.database);
    } catch (error) {
      if (!(error instanceof MongoError)) throw error;
      // Not as a cause: the driver's errors carry the documents of the command, and logs would show them.
      throw new StoreUnavailable(`MongoDB failed: ${error.message}`);
    }
  }

  async ping(): Promise<void> {
    await this.attempt((database) => database.command({ ping: 1 }));
  }

  async close(): Promise<void> {
    this.closing ??= endsWithin(this.client.close(), CLOSE_MS);
    await this.closing;
  }
}

/** Whether a document of this `_id` was there already. */
export const isDuplicate = (error: unknown): boolean => (error as { code?: unknown }).code === DUPLICATE_KEY;

function newClient({ url, timeouts }: MongoConnectionOptions): MongoClient {
  const { selectionMs, connectMs, answerMs, queueMs, majorityMs } = { ...TIMEOUTS, ...timeouts };
  try {
    return new MongoClient(url, {
      appName: 'portcullis',
      maxPoolSize: CONNECTIONS_MAX,
      serverSelectionTimeoutMS: selectionMs,
      connectTimeoutMS: connectMs,
      socketTimeoutMS: answerMs,
      waitQueueTimeoutMS: queueMs,
      // A write that a new primary takes back was never acknowledged; and what decides is read where it is written.
      writeConcern: { w: 'majority', wtimeoutMS: majorityMs },
      readPreference: ReadPreference.primary,
      ignoreUndefined: false,
    });
  } catch {
    // Its message may hold the connection string, and so a password.
    throw new TypeError('the connection string of MongoDB cannot be read');
  }
}

async function endsWithin(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
