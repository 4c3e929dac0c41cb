import { DatabaseSync } from '@photostructure/sqlite';
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { problemsOfDatabase } from './database-check.js';
import { makePrivateFile, syncDirectory } from './private-files.js';

/** A copy of a database as of one instant, taken beside whoever writes it: whole, checked and durable under its name, or not there.
 *  Throws when the disk is full, or the copy does not pass its check. */
export function copyDatabase(source: string, target: string): void {
  const arriving = `${resolve(target)}.part`;
  rmSync(arriving, { force: true });
  // SQLite takes an empty file for none: so the copy is this user's alone from its first byte.
  makePrivateFile(arriving);
  try {
    vacuumInto(source, arriving);
    syncFile(arriving);
    const [problem] = problemsOfDatabase(arriving);
    if (problem !== undefined) throw new Error(`the copy of ${source} is damaged: ${problem}`);
    renameSync(arriving, target);
    syncDirectory(dirname(resolve(target)));
  } catch (error) {
    rmSync(arriving, { force: true });
    throw error;
  }
}

export function syncFile(file: string): void {
  const descriptor = openSync(file, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** One read transaction for all of it. VACUUM leaves nothing behind of rows that were deleted or overwritten. */
function vacuumInto(source: string, target: string): void {
  const db = new DatabaseSync(source, { readOnly: true, timeout: 5_000 });
  try {
    db.exec(`VACUUM INTO '${target.replaceAll("'", "''")}'`);
  } finally {
    db.close();
  }
}
