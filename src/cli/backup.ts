import { existsSync, readdirSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { copyBlobs } from '../adapters/embedded/blob-copy.js';
import { copyDatabase } from '../adapters/embedded/database-copy.js';
import { keyFile } from '../adapters/embedded/key-connection.js';
import { EmbeddedKeyStore } from '../adapters/embedded/key-store.js';
import { logFile, positionNumber } from '../adapters/embedded/log-connection.js';
import { EmbeddedLogReader } from '../adapters/embedded/log-reader.js';
import { makePrivateDirectory, syncDirectory } from '../adapters/embedded/private-files.js';
import type { Settings } from '../config.js';
import { CommandFailed, embeddedSettings, openLog } from './data-directory.js';
import { modeOf } from './kept-stores.js';
import { bytesText, plural, say } from './printing.js';

/** Persons erased so far, a JSON string a line. */
export const erasuresFile = (folder: string): string => join(folder, 'erasures.jsonl');

const PAGE = 1_000;

/** The log first, then blobs and keys: both are durable before the first event that needs them, so whatever the copy of the log
 *  holds, they serve. A person erased in between is erased in the backup too. */
export async function backUp(folder: string, options: { keys?: string }): Promise<void> {
  const settings = embeddedSettings();
  openLog(settings).close();
  const dataDir = settings.DATA_DIR;
  const logFolder = emptyFolder(join(resolve(folder), 'log'));
  const keyFolder = emptyFolder(resolve(options.keys ?? join(folder, 'keys')));
  copyDatabase(logFile(dataDir), logFile(logFolder));
  const blobs = await copyBlobs(dataDir, logFolder);
  copyDatabase(keyFile(dataDir), keyFile(keyFolder));
  const erased = await writeErasures(keyFolder);
  const events = await eventsIn(logFolder);
  const size = bytesText(statSync(logFile(logFolder)).size);
  say(
    `Log:  ${logFolder}: the first ${plural(events, 'event')}, ${size}${blobs > 0 ? `, and ${plural(blobs, 'blob')}` : ''}.`,
  );
  say(`Keys: ${keyFolder}, and the list of ${plural(erased, 'erased person')}.`);
  say('\nKeep the two apart, and delete a backup of keys after 30 days: until then it can undo an erasure.');
  say(await adviceOnSecrets(settings));
}

async function adviceOnSecrets(settings: Settings): Promise<string> {
  if ((await modeOf(settings)) === 'demo')
    return 'This is the log of a demo, whose secrets are part of the program.';
  return `The secrets (MASTER_KEY and ADDRESS_KEY, in ${join(settings.DATA_DIR, 'secrets.env')} unless the environment gives them) are in no backup.
Without them nothing sealed can be read: keep a copy in a third place, such as a password safe.`;
}

function emptyFolder(folder: string): string {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new CommandFailed(`${folder} is not empty. A backup goes into a folder of its own.`);
  }
  makePrivateDirectory(folder);
  return folder;
}

/** From the copy of the keys, so that the two tell the same. */
async function writeErasures(keyFolder: string): Promise<number> {
  const keys = EmbeddedKeyStore.openReadOnly(keyFolder);
  const target = erasuresFile(keyFolder);
  const file = await open(`${target}.part`, 'wx', 0o600);
  let count = 0;
  try {
    for (let page = await keys.erased(null, PAGE); page.length > 0;) {
      await file.writeFile(page.map((person) => `${JSON.stringify(person)}\n`).join(''));
      count += page.length;
      page = await keys.erased(page.at(-1)!, PAGE);
    }
    await file.sync();
  } finally {
    await file.close();
    await keys.close();
  }
  await rename(`${target}.part`, target);
  syncDirectory(keyFolder);
  return count;
}

/** How many events the log of a folder holds. */
export async function eventsIn(logFolder: string): Promise<number> {
  const log = EmbeddedLogReader.open(logFolder, null);
  try {
    return positionNumber(await log.head());
  } finally {
    log.close();
  }
}
