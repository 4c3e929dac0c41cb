import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { AnyBulkWriteOperation } from 'mongodb';

import { MongoConnection } from '../src/adapters/mongodb/connection.js';
import { MongoReadStore } from '../src/adapters/mongodb/read-store.js';
import { storedDocument, type StoredDocument } from '../src/adapters/mongodb/stored-document.js';
import type { Position, ViewWrite } from '../src/ports.js';
import { atLeast, type BenchRow, main, median } from './row.js';

const FERRETDB = join('node_modules', '.cache', 'portcullis', 'ferretdb');
const ROUNDS = 7;
const PAGE = 1_000;
const PAGES = 5;
/** Few: FerretDB walks the whole collection for each guarded replacement, in both ways alike. */
const CHANGED = 100;
const FIELDS = ['status', 'lockedAt'];

/** Pages of a projection saved through the store, with their checkpoints, against the bare driver's bulkWrite of the same documents, in
 *  turns on the same server. Without a server: no rows. */
export async function run(): Promise<BenchRow[]> {
  const server = await start();
  if (!server) {
    console.error('mongo projector: no MONGODB_URL, and no FerretDB was built');
    return [];
  }
  const connection = await MongoConnection.open({
    url: server.url,
    database: `portcullis-bench-${randomBytes(4).toString('hex')}`,
  });
  try {
    const made: number[] = [];
    const changed: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const ratios = {
        made: await compare(connection, `made-${round}`, [], pages(1, PAGES, PAGE)),
        changed: await compare(connection, `changed-${round}`, pages(1, 1, CHANGED), pages(2, 1, CHANGED)),
      };
      // The first warms up the driver and the server.
      if (round === 0) continue;
      made.push(ratios.made);
      changed.push(ratios.changed);
    }
    return [
      row('saving new documents to MongoDB, of raw bulkWrite', made, `pages of ${PAGE}, ${server.name}`),
      row(
        'saving changed documents to MongoDB, of raw bulkWrite',
        changed,
        `pages of ${CHANGED}, ${server.name}`,
      ),
    ];
  } finally {
    await connection.database.dropDatabase();
    await connection.close();
    await server.stop();
  }
}

function row(name: string, ratios: number[], note: string): BenchRow {
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
  const spread = `${least.toFixed(2)} to ${most.toFixed(2)} in ${ratios.length} rounds`;
  return atLeast(name, 'ratio', 0.6, median(ratios), `${spread}, ${note}`);
}

type Batches = readonly (readonly ViewWrite[])[];

/** Documents a second through the store, over those of the bare driver; `before` is written first, and not timed. */
async function compare(
  connection: MongoConnection,
  name: string,
  before: Batches,
  batches: Batches,
): Promise<number> {
  const store = new MongoReadStore(connection);
  const view = `bench-${name}`;
  await store.open({ name: view, indexes: FIELDS });
  const raw = await rawCollection(connection, `raw-${name}`);
  const bare = async (writes: readonly ViewWrite[]) => {
    await raw.bulkWrite(writes.map(operationOf), { ordered: false });
  };
  const saved = async (writes: readonly ViewWrite[]) => {
    const movedOn = await store.save(view, writes, writes.at(-1)!.position);
    if (movedOn.length > 0) throw new Error('documents of the bench have moved on');
  };
  for (const way of [bare, saved]) await timed(before, way);
  const turns = Math.random() < 0.5 ? [bare, saved] : [saved, bare];
  const spent = new Map<typeof bare, number>();
  for (const way of turns) spent.set(way, await timed(batches, way));
  await store.drop(view);
  await raw.drop();
  return spent.get(bare)! / spent.get(saved)!;
}

async function rawCollection(connection: MongoConnection, name: string) {
  const raw = connection.database.collection<StoredDocument>(name);
  for (const field of FIELDS) await raw.createIndex({ [`by.${field}`]: 1, _id: 1 });
  return raw;
}

/** With the same guard: without it nobody may write beside another. */
function operationOf(write: ViewWrite): AnyBulkWriteOperation<StoredDocument> {
  const { _id, ...replacement } = storedDocument(write, FIELDS);
  if (write.readAt === null) return { insertOne: { document: { _id, ...replacement } } };
  return { replaceOne: { filter: { _id, position: write.readAt }, replacement } };
}

async function timed(
  batches: Batches,
  work: (writes: readonly ViewWrite[]) => Promise<void>,
): Promise<number> {
  const started = performance.now();
  for (const batch of batches) await work(batch);
  return performance.now() - started;
}

const positionOf = (revision: number, index: number): Position =>
  String(revision * 1_000_000 + index).padStart(16, '0');

/** The pages that bring each document to its next revision. */
function pages(revision: number, count: number, size: number): ViewWrite[][] {
  return Array.from({ length: count }, (_, page) =>
    Array.from({ length: size }, (_, n): ViewWrite => {
      const index = page * size + n;
      return {
        key: `account-${String(index * 7_919).padStart(12, '0')}`,
        position: positionOf(revision, index),
        readAt: revision === 1 ? null : positionOf(revision - 1, index),
        body: {
          accountId: `account-${index}`,
          status: index % 10 === 0 ? 'Locked' : 'Healthy',
          ...(index % 10 === 0 && { lockedAt: index }),
          email: `person${index}@company${index % 500}.example`,
          history: Array.from({ length: 4 }, (_, entry) => ({
            entry,
            sentence: 'You signed in with a password.',
          })),
        },
      };
    }),
  );
}

interface Server {
  readonly url: string;
  readonly name: string;
  stop(): Promise<void>;
}

async function start(): Promise<Server | null> {
  const url = process.env.MONGODB_URL;
  if (url !== undefined) return { url, name: 'MONGODB_URL', stop: async () => undefined };
  if (!existsSync(FERRETDB)) return null;
  const child = spawn(FERRETDB, { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) {
    return { url: line, name: 'FerretDB on SQLite', stop: () => stopped(child) };
  }
  return null;
}

async function stopped(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin!.end();
  await ended;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(run);
