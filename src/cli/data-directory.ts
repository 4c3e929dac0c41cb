import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { EmbeddedEventStore } from '../adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../adapters/embedded/key-store.js';
import { logFile } from '../adapters/embedded/log-connection.js';
import { EmbeddedLogReader } from '../adapters/embedded/log-reader.js';
import { readSettings, type Config, type Settings } from '../config.js';
import { mode, type Mode } from '../domain/service/log-mark.js';
import { Codec } from '../engine/codec.js';
import { Keyring } from '../engine/sealing.js';
import { masterKey, type MasterKey } from '../engine/secrets.js';
import { eventSources } from '../event-sources.js';
import type { EventStore } from '../ports.js';
import { completeConfig } from '../secrets-file.js';

/** The command cannot do what it was asked; the message is a sentence for who runs it. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** The settings of a service on embedded stores. Throws `ConfigError`, and `CommandFailed` where nothing is kept in files. */
export function embeddedSettings(): Settings {
  const settings = readSettings();
  if (settings.EVENT_STORE_URL !== 'embedded') {
    throw new CommandFailed(
      'EVENT_STORE_URL is :memory:, which keeps nothing that another process could read.',
    );
  }
  return settings;
}

/** Who runs the command, as the operating system calls them: stands beside what they do. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** Opens the log for reading, beside the service if it runs. Throws `CommandFailed` where there is none. */
export function openLog({ DATA_DIR }: Pick<Settings, 'DATA_DIR'>): EmbeddedLogReader {
  if (!existsSync(logFile(DATA_DIR))) {
    throw new CommandFailed(
      `There is no log in ${resolve(DATA_DIR)}. Set DATA_DIR (or --data) to the folder of the service; its first start makes one.`,
    );
  }
  return EmbeddedLogReader.open(DATA_DIR, null);
}

/** What the log was begun as; 'real' where nothing was begun yet. */
export async function modeOf(settings: Pick<Settings, 'DATA_DIR'>): Promise<Mode> {
  if (!existsSync(logFile(settings.DATA_DIR))) return 'real';
  const log = openLog(settings);
  try {
    const [first] = await log.readLog(null, 1);
    if (first?.type !== 'LogBegun') return 'real';
    return mode.parse((JSON.parse(first.data) as { mode?: unknown }).mode);
  } finally {
    log.close();
  }
}

/** The configuration that the data was written with. Makes no secrets. Throws `ConfigError`, `CommandFailed`. */
export async function existingConfig(settings: Settings): Promise<Config> {
  openLog(settings).close();
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

export function openReadable(config: Config): ReadableLog {
  const events = EmbeddedEventStore.openReadOnly(config.DATA_DIR);
  const keys = EmbeddedKeyStore.openReadOnly(config.DATA_DIR);
  const [current, ...older] = masterKeysOf(config);
  const codec = new Codec(eventSources, new Keyring(keys, current, older));
  const close = async () => {
    await keys.close();
    await events.close();
  };
  return { events, codec, close };
}
