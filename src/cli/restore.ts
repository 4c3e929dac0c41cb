import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { copyBlobs } from '../adapters/embedded/blob-copy.js';
import {
  personsWithoutKey,
  problemsOfDatabase,
  problemsOfLog,
  streamsWith,
} from '../adapters/embedded/database-check.js';
import { syncFile } from '../adapters/embedded/database-copy.js';
import { DataLock } from '../adapters/embedded/data-lock.js';
import { keyFile } from '../adapters/embedded/key-connection.js';
import { eraseKeys } from '../adapters/embedded/key-erasure.js';
import { logFile } from '../adapters/embedded/log-connection.js';
import { makePrivateDirectory, makePrivateFile, syncDirectory } from '../adapters/embedded/private-files.js';
import { isName } from '../adapters/stored-text.js';
import type { Settings } from '../config.js';
import { partsOf } from '../engine/envelope.js';
import { secretsFile } from '../secrets-file.js';
import { erasuresFile, eventsIn } from './backup.js';
import { CommandFailed, embeddedSettings } from './data-directory.js';
import { problemWithKeys } from './key-check.js';
import { plural, say } from './printing.js';

export interface RestoreOptions {
  readonly keys?: string;
  readonly erasures?: string;
  readonly acceptMissingKeys: boolean;
}

/** No data: the operator's to put there, or what says that somebody is (or was) at work. */
const mayBeThere: ReadonlySet<string> = new Set(['secrets.env', 'lock.db', 'control.sock']);

/** Fills an empty DATA_DIR. Views are no part of a backup: the service makes them anew, so none can be ahead of the log. */
export async function restore(folder: string, options: RestoreOptions): Promise<void> {
  const settings = embeddedSettings();
  const dataDir = settings.DATA_DIR;
  const logFolder = join(resolve(folder), 'log');
  const keyFolder = resolve(options.keys ?? join(folder, 'keys'));
  for (const file of [logFile(logFolder), keyFile(keyFolder), options.erasures ?? []].flat()) {
    if (!existsSync(file)) throw new CommandFailed(`${file} is not there.`);
  }
  const lock = DataLock.take(dataDir);
  const building = join(dataDir, 'restoring');
  try {
    expectEmpty(dataDir);
    makePrivateDirectory(building);
    bringIn(logFile(logFolder), logFile(building), problemsOfLog);
    bringIn(keyFile(keyFolder), keyFile(building), problemsOfDatabase);
    // A backup of keys may be older than an erasure.
    const erased = eraseKeys(keyFile(building), [
      ...listed(erasuresFile(keyFolder)),
      ...(options.erasures === undefined ? [] : listed(options.erasures)),
      ...erasedInLog(building),
    ]);
    if (!options.acceptMissingKeys) expectKeys(building);
    await copyBlobs(logFolder, building);
    moveIn(building, dataDir);
    say(`Restored the first ${plural(await eventsIn(dataDir), 'event')} of the log to ${resolve(dataDir)}.`);
    if (erased > 0) say(`Erased again: ${plural(erased, 'person')} whose keys this backup still held.`);
    say('Views are made anew when the service starts.');
    say(await secretsAdvice(settings));
  } finally {
    rmSync(building, { recursive: true, force: true });
    lock.release();
  }
}

function expectEmpty(dataDir: string): void {
  const there = readdirSync(dataDir).filter((name) => !mayBeThere.has(name));
  if (there.length === 0) return;
  throw new CommandFailed(
    `${resolve(dataDir)} is not empty: it holds ${there.join(', ')}. Move that away (an interrupted restore leaves some of it, too), or set DATA_DIR to a new folder. Only secrets.env may be there.`,
  );
}

function bringIn(source: string, target: string, problemsOf: (file: string) => string[]): void {
  makePrivateFile(target);
  copyFileSync(source, target);
  syncFile(target);
  const problems = problemsOf(target);
  if (problems.length > 0) throw new CommandFailed(`${source} is damaged: ${problems.join('; ')}`);
}

function listed(file: string): string[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line, index) => {
    const person = parsed(line);
    if (isName(person)) return person;
    throw new CommandFailed(`${file}, line ${index + 1}: not a person as a backup of keys lists them.`);
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The log may be newer than the keys, and tells of erasures too. */
const erasedInLog = (building: string): string[] =>
  streamsWith(logFile(building), 'PersonErased').map((stream) => partsOf(stream).id);

function expectKeys(building: string): void {
  const missing = personsWithoutKey(logFile(building), keyFile(building));
  if (missing === 0) return;
  throw new CommandFailed(
    `The keys are older than the log: those of ${plural(missing, 'person')} are missing, and what is sealed of them could never be read again. Take a backup of keys made after this log, or add --accept-missing-keys.`,
  );
}

/** The log comes last: where it is, everything is. */
function moveIn(building: string, dataDir: string): void {
  for (const name of ['keys.db', 'blobs', 'log.db']) {
    if (!existsSync(join(building, name))) continue;
    renameSync(join(building, name), join(dataDir, name));
    syncDirectory(dataDir);
  }
}

async function secretsAdvice(settings: Settings): Promise<string> {
  const problem = await problemWithKeys(settings);
  if (problem === null) return 'The secrets at hand open these keys: the service can start.';
  return `Before the service starts, put back the secrets that this data was written with (a backup holds none):
${secretsFile(settings.DATA_DIR)}, mode 0600, or MASTER_KEY and ADDRESS_KEY in the environment. Now: ${problem}`;
}
