import { randomBytes } from 'node:crypto';
import { StandIn } from './eventstoredb/stand-in.js';
import { inDatabase, MongoServer } from './mongo-server.js';

/** Stores of one service under test. */
export interface TestStores {
  readonly settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
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

/** An empty log and an empty database, for any number of instances. The log is on the server of EVENTSTOREDB_URL, under a prefix of
 *  its own, or in a stand-in. */
export async function serverStores(): Promise<TestStores> {
  const url = process.env.EVENTSTOREDB_URL;
  if (url === undefined) return standInStores();
  const EVENT_STORE_PREFIX = `test-${randomBytes(6).toString('hex')}-`;
  const settings = { ...(await besideLog()), EVENT_STORE_URL: url, EVENT_STORE_PREFIX };
  return { settings, close: async () => undefined };
}

/** With a log that a test may send away and bring back. */
export async function standInStores(): Promise<TestStores & { readonly standIn: StandIn }> {
  const [settings, standIn] = await Promise.all([besideLog(), StandIn.start()]);
  return {
    settings: { ...settings, EVENT_STORE_URL: standIn.connectionString },
    standIn,
    close: () => standIn.close(),
  };
}

async function besideLog() {
  mongo ??= MongoServer.start();
  const server = await mongo;
  return {
    READ_STORE_URL: inDatabase(server.url, server.newDatabase()),
    MASTER_KEY: '1'.repeat(64),
    ADDRESS_KEY: '2'.repeat(64),
  };
}
