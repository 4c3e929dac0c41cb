import { resolve } from 'node:path';
import { blobNames } from '../adapters/embedded/blob-copy.js';
import { EmbeddedBlobStore } from '../adapters/embedded/blob-store.js';
import { DataLock } from '../adapters/embedded/data-lock.js';
import { EmbeddedEventStore } from '../adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../adapters/embedded/key-store.js';
import { positionNumber } from '../adapters/embedded/log-connection.js';
import { settings } from '../config.js';
import { copyKeys, expectNoOtherKeys, OtherKeys } from '../engine/key-copy.js';
import { copiedBefore, type CopiedUpTo, copyLog, digestOf, OtherEvents } from '../engine/log-copy.js';
import { openStores } from '../open-stores.js';
import { VersionConflict, type BlobStore, type EventStore, type KeyStore } from '../ports.js';
import { secretsFile } from '../secrets-file.js';
import { CommandFailed, openLog } from './data-directory.js';
import { plural, say } from './printing.js';
import { progressBar } from './progress-bar.js';

export interface MigrateOptions {
  /** `embedded:` and a folder. */
  readonly from: string;
  /** The log's EventStoreDB. */
  readonly to: string;
  /** MongoDB, for keys and blobs. */
  readonly keysTo: string;
  readonly prefix: string;
}

/** Copies what a service keeps in files to servers, while no service runs on either. Views are made anew there. */
export async function migrate({ from, to, keysTo, prefix }: MigrateOptions): Promise<void> {
  const dataDir = embeddedFolder(from);
  const target = {
    EVENT_STORE_URL: address('--to', to, /^esdb(\+discover)?:\/\/./),
    READ_STORE_URL: address('--keys-to', keysTo, /^mongodb(\+srv)?:\/\/./),
    EVENT_STORE_PREFIX: streamPrefix(prefix),
    DATA_DIR: dataDir,
  };
  openLog({ DATA_DIR: dataDir }).close();
  const lock = DataLock.take(dataDir);
  try {
    const source = await openSource(dataDir);
    try {
      const servers = await openStores(target);
      await copyAll(source, servers).finally(() => servers.close());
    } finally {
      await source.close();
    }
  } finally {
    lock.release();
  }
  say(`The service there needs MASTER_KEY and ADDRESS_KEY as it had them here (${secretsFile(dataDir)}, unless
the environment gave them), and makes its views at the first start. Do not start the one here again.`);
}

interface Target {
  readonly events: EventStore;
  readonly keys: KeyStore;
  readonly blobs: BlobStore;
}

interface Source extends Target {
  readonly blobNames: () => AsyncIterable<string>;
  readonly eventCount: number;
}

/** Nothing is written before it is certain that the target holds nothing else. Keys and blobs come before the events that need them.
 *  Stopped anywhere, it goes on where it was. Throws `CommandFailed`. */
export async function copyAll(source: Source, target: Target, tell = say): Promise<void> {
  try {
    const before = await copiedBefore(source.events, target.events);
    await expectNoOtherKeys(source.keys, target.keys);
    const { keys, erased } = await copyKeys(source.keys, target.keys);
    const blobs = await copyBlobs(source, target.blobs);
    tell(`Keys: ${plural(keys, 'key')}, ${plural(erased, 'erased person')}; ${plural(blobs, 'blob')}.`);
    const events = await copyEvents(source, target.events, before);
    tell(`Log: ${plural(events, 'event')}, of which ${before.events} were there before. Comparing …`);
    const sha256 = await sameDigest(source.events, target.events);
    tell(`Both logs have the digest SHA-256 ${sha256}.`);
  } catch (error) {
    const others = [OtherEvents, OtherKeys, VersionConflict];
    if (!others.some((kind) => error instanceof kind)) throw error;
    throw new CommandFailed(
      `The target holds something else: ${(error as Error).message}. Give it an empty one (or another --prefix and database).`,
    );
  }
}

async function copyEvents(source: Source, target: EventStore, before: CopiedUpTo): Promise<number> {
  const bar = progressBar('events');
  const onProgress = (done: number) => bar.show({ done, total: source.eventCount });
  return copyLog(source.events, target, before, { onProgress }).finally(() => bar.stop());
}

async function copyBlobs(source: Source, target: BlobStore): Promise<number> {
  let count = 0;
  for await (const name of source.blobNames()) {
    const bytes = await source.blobs.get(name);
    if (bytes === null || (await target.put(bytes)) !== name) {
      throw new CommandFailed(`The blob ${name} is damaged: its bytes do not have the hash of its name.`);
    }
    count += 1;
  }
  return count;
}

/** Throws `CommandFailed` where they differ. */
async function sameDigest(source: EventStore, target: EventStore): Promise<string> {
  const [here, there] = await Promise.all([digestOf(source), digestOf(target)]);
  if (here.sha256 !== there.sha256) {
    throw new CommandFailed(
      `The copy is not the same log: ${plural(here.events, 'event')} with digest ${here.sha256} here, ${there.events} with ${there.sha256} there. Do not use it.`,
    );
  }
  return here.sha256;
}

async function openSource(dataDir: string): Promise<Source & { close(): Promise<void> }> {
  const events = EmbeddedEventStore.openReadOnly(dataDir);
  const keys = EmbeddedKeyStore.openReadOnly(dataDir);
  const blobs = await EmbeddedBlobStore.open({ dataDir });
  const eventCount = positionNumber(await events.head());
  const close = async () => {
    for (const store of [blobs, keys, events]) await store.close();
  };
  return { events, keys, blobs, blobNames: () => blobNames(dataDir), eventCount, close };
}

function embeddedFolder(from: string): string {
  const folder = /^embedded:(.+)$/.exec(from)?.[1];
  if (folder === undefined) throw new CommandFailed('--from is embedded: and the folder of the stores.');
  return resolve(folder);
}

/** The message does not show what was given: it may hold a password. */
function address(option: string, given: string, form: RegExp): string {
  if (form.test(given)) return given;
  throw new CommandFailed(
    `${option} is no address: it begins with ${option === '--to' ? 'esdb' : 'mongodb'}://`,
  );
}

function streamPrefix(given: string): string {
  const { success, data, error } = settings.EVENT_STORE_PREFIX.safeParse(given);
  if (success) return data;
  throw new CommandFailed(`--prefix is ${error.issues[0]!.message}.`);
}
