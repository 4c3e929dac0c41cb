import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { pathToFileURL } from 'node:url';

import { makePrivateFile } from './private-files.js';
import { isMade, makeIndexes, makeTables } from './view-store-tables.js';

/** Readers share the main thread with everything else: they wait only for the recovery of a WAL after a kill. */
const READER_TIMEOUT_MS = 1_000;
const WRITER_TIMEOUT_MS = 5_000;

/** A view for its writer: a power cut may undo the last batches, whole, and the log has them still. Made where it is missing,
 *  when fields are given. */
export function connectWriter(file: string, fields: readonly string[] | null): DatabaseSyncInstance {
  if (fields) makePrivateFile(file);
  // Without fields, a file that has just gone must not come back as an empty one.
  return connected(`${pathToFileURL(file).href}?mode=rw`, { timeout: WRITER_TIMEOUT_MS }, (db) => {
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = NORMAL');
    // 16 MB: a batch of 20,000 documents then waits for one checkpoint instead of several.
    db.exec('PRAGMA wal_autocheckpoint = 4000');
    tune(db);
    if (!fields) return;
    makeTables(db, fields);
    makeIndexes(db);
  });
}

/** A view for reading beside its writer; null while it has no tables yet. */
export function connectReader(file: string): DatabaseSyncInstance | null {
  const db = new DatabaseSync(file, { readOnly: true, timeout: READER_TIMEOUT_MS });
  try {
    if (isMade(db)) return db;
  } catch (error) {
    db.close();
    throw error;
  }
  db.close();
  return null;
}

/** A copy that is being built: lost in a crash, and so without journal on disk, sync, or indexes. */
export function connectBuilder(file: string, fields: readonly string[]): DatabaseSyncInstance {
  makePrivateFile(file);
  return connected(file, { timeout: 0 }, (db) => {
    db.exec('PRAGMA journal_mode = MEMORY');
    db.exec('PRAGMA synchronous = OFF');
    tune(db);
    makeTables(db, fields);
  });
}

/** Makes the copy complete, and durable from here on: a commit now syncs the whole file. */
export function settle(db: DatabaseSyncInstance): void {
  db.exec('PRAGMA synchronous = FULL');
  makeIndexes(db);
}

/** Makes a file that was built a live one, before it is renamed. */
export function makeLive(file: string): void {
  // Without a prepared statement: the connection would stay open until that was collected, and its -wal and -shm files under
  // the old name with it.
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA synchronous = FULL');
    db.exec('PRAGMA journal_mode = WAL');
  } finally {
    db.close();
  }
}

function tune(db: DatabaseSyncInstance): void {
  db.exec('PRAGMA secure_delete = ON');
  db.exec('PRAGMA cache_size = -32768');
}

function connected(
  file: string,
  options: { timeout: number },
  prepare: (db: DatabaseSyncInstance) => void,
): DatabaseSyncInstance {
  const db = new DatabaseSync(file, options);
  try {
    prepare(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
