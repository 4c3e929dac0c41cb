import { existsSync } from 'node:fs';
import { EmbeddedEventStore } from '../adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../adapters/embedded/key-store.js';
import { logFile } from '../adapters/embedded/log-connection.js';
import { EmbeddedReadStore } from '../adapters/embedded/view-store.js';
import { isShared, readSettings, type Config, type Settings } from '../config.js';
import { LOG_MARK_ID, logMarkDecider, mode, type Mode } from '../domain/service/log-mark.js';
import { Codec } from '../engine/codec.js';
import { Keyring } from '../engine/sealing.js';
import { masterKey, type MasterKey } from '../engine/secrets.js';
import { streamName } from '../engine/streams.js';
import { eventSources } from '../event-sources.js';
import { openStores } from '../open-stores.js';
import type { EventStore, KeyStore, ReadStore } from '../ports.js';
import { completeConfig } from '../secrets-file.js';
import { CommandFailed, NOTHING_KEPT, openLog } from './data-directory.js';

/** The settings of stores that another process can read: files or servers. Throws `ConfigError`, and `CommandFailed` where nothing
 *  is kept. */
export function keptSettings(): Settings {
  const settings = readSettings();
  if (settings.EVENT_STORE_URL !== ':memory:') return settings;
  throw new CommandFailed(NOTHING_KEPT);
}

type WhereKept = Parameters<typeof openStores>[0];

/** Stores that are only read, beside the service if it runs. */
export interface KeptStores {
  readonly events: EventStore;
  readonly keys: KeyStore;
  readonly views: ReadStore;
  close(): Promise<void>;
}

/** Throws `CommandFailed` where there is no log, `StoreUnavailable` where a server does not answer. */
export async function openKept(settings: WhereKept): Promise<KeptStores> {
  if (isShared(settings)) return openStores(settings);
  const { DATA_DIR: dataDir } = settings;
  openLog(settings).close();
  const events = EmbeddedEventStore.openReadOnly(dataDir);
  const keys = EmbeddedKeyStore.openReadOnly(dataDir);
  const views = EmbeddedReadStore.open({ dataDir, readOnly: true });
  const close = async () => {
    for (const store of [views, keys, events]) await store.close();
  };
  return { events, keys, views, close };
}

/** What the log was begun as; 'real' where nothing was begun yet. */
export async function modeOf(settings: Settings): Promise<Mode> {
  if (!isShared(settings) && !existsSync(logFile(settings.DATA_DIR))) return 'real';
  const { events, close } = await openKeptLog(settings);
  try {
    const [first] = await events.readStream(streamName(logMarkDecider, LOG_MARK_ID), 0, 1);
    if (first?.type !== 'LogBegun') return 'real';
    return mode.parse((JSON.parse(first.data) as { mode?: unknown }).mode);
  } finally {
    await close();
  }
}

/** The configuration that the data was written with. Makes no secrets. Throws `ConfigError`, `CommandFailed`, `StoreUnavailable`. */
export async function existingConfig(settings: Settings): Promise<Config> {
  if (!isShared(settings)) openLog(settings).close();
  return completeConfig(settings, await modeOf(settings), 'refuse');
}

export const masterKeysOf = (config: Config): [MasterKey, ...MasterKey[]] => [
  masterKey(config.MASTER_KEY),
  ...config.MASTER_KEYS_OLD.map(masterKey),
];

/** The log with its keys, for reading events as they were written. */
export interface ReadableLog {
  readonly events: EventStore;
  readonly codec: Codec;
  close(): Promise<void>;
}

export async function openReadable(config: Config): Promise<ReadableLog> {
  const { events, keys, close } = await openKept(config);
  const [current, ...older] = masterKeysOf(config);
  const codec = new Codec(eventSources, new Keyring(keys, current, older));
  return { events, codec, close };
}

/** The log may be all that there is: a backup's, or one whose keys are lost. */
async function openKeptLog(settings: WhereKept): Promise<{ events: EventStore; close(): Promise<void> }> {
  if (isShared(settings)) return openStores(settings);
  const events = EmbeddedEventStore.openReadOnly(settings.DATA_DIR);
  return { events, close: () => events.close() };
}
