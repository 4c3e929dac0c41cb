import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { logFile } from '../adapters/embedded/log-connection.js';
import { EmbeddedLogReader } from '../adapters/embedded/log-reader.js';
import { isShared, readSettings, type Settings } from '../config.js';

/** The command cannot do what it was asked; the message is a sentence for who runs it. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** The settings of a service on embedded stores, for what is done with their files. Throws `ConfigError`, `CommandFailed`. */
export function embeddedSettings(): Settings {
  const settings = readSettings();
  if (settings.EVENT_STORE_URL === 'embedded') return settings;
  throw new CommandFailed(
    isShared(settings)
      ? 'This works on the files of embedded stores. EventStoreDB and MongoDB come with tools of their own for it: see docs/scale.md.'
      : NOTHING_KEPT,
  );
}

export const NOTHING_KEPT =
  'EVENT_STORE_URL is :memory:, which keeps nothing that another process could read.';

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
