import { DatabaseSync } from '@photostructure/sqlite';
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { problemsOfDatabase } from './database-check.js';
import { makePrivateFile, syncDirectory } from './private-files.js';

/** A copy of a database as of one instant, taken beside whoever writes it: whole, checked and durable under its name, or not there.
 *  Throws when the target exists, the disk is full, or the copy does not pass its check. */
export function copyDatabase(source: string, target: string): void {
  const arriving = `${resolve(target)}.part`;
  rmSync(arriving, { force: true });
  // SQLite takes an empty file for none: so the copy is this user's alone from its first byte.
  makePrivateFile(arriving);
  try {
    vacuumInto(source, arriving);
    settleFile(arriving, target);
  } catch (error) {
    rmSync(arriving, { force: true });
    throw error;
  }
}

/** Makes a file that nobody has open durable, checks it, and gives it its name. */
export function settleFile(arriving: string, target: string): void {
  syncFile(arriving);
  const [problem] = problemsOfDatabase(arriving);
  if (problem !== undefined) throw new Error(`${arriving} is damaged: ${problem}`);
  renameSync(arriving, target);
  syncDirectory(dirname(resolve(target)));
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
