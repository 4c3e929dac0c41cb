import { StandIn } from './eventstoredb/stand-in.js';
import { inDatabase, MongoServer } from './mongo-server.js';

/** Stores of one service under test. */
export interface TestStores {
  readonly settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface ServerStores extends TestStores {
  readonly standIn: StandIn;
}

const inMemory: TestStores = {
  settings: { EVENT_STORE_URL: ':memory:', READ_STORE_URL: ':memory:' },
  close: async () => undefined,
};

/** What runs with TEST_STORES=servers runs on EventStoreDB's stand-in and a server of MongoDB's protocol; all else in memory. */
export const onServers = process.env.TEST_STORES === 'servers';

export const testStores = (): Promise<TestStores> => (onServers ? serverStores() : Promise.resolve(inMemory));

let mongo: Promise<MongoServer> | null = null;
afterAll(async () => (await mongo)?.stop());

/** An empty log and an empty database, for any number of instances. */
export async function serverStores(): Promise<ServerStores> {
  mongo ??= MongoServer.start();
  const [server, standIn] = await Promise.all([mongo, StandIn.start()]);
  return {
    settings: {
      EVENT_STORE_URL: standIn.connectionString,
      READ_STORE_URL: inDatabase(server.url, server.newDatabase()),
      MASTER_KEY: '1'.repeat(64),
      ADDRESS_KEY: '2'.repeat(64),
    },
    standIn,
    close: () => standIn.close(),
  };
}
