import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { join } from 'node:path';

import { makePrivateFile } from './private-files.js';

export const keyFile = (dataDir: string): string => join(dataDir, 'keys.db');

export const BUSY_TIMEOUT_MS = 5_000;
const FORMAT = 1;

/** Opens `keys.db` (or ':memory:') for writing, and makes it where it is missing. */
export function openKeysForWriting(file: string): DatabaseSyncInstance {
  if (file !== ':memory:') makePrivateFile(file);
  return opened(new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS }), (db) => {
    db.exec('PRAGMA journal_mode = WAL');
    // On every connection: a reopened WAL file falls back to NORMAL, and a key that a power cut takes away takes all with it
    // that was sealed under it.
    db.exec('PRAGMA synchronous = FULL');
    // A destroyed key is overwritten, not only unlinked from its page.
    db.exec('PRAGMA secure_delete = ON');
    makeTables(db);
  });
}

/** Opens an existing `keys.db` for reading, beside whoever writes it. */
export function openKeysForReading(file: string): DatabaseSyncInstance {
  return opened(new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS }), (db) => {
    if (formatOf(db) !== FORMAT) throw new Error(`${file} has format ${formatOf(db)}, not ${FORMAT}`);
  });
}

/** Erased persons stay, without a key. */
function makeTables(db: DatabaseSyncInstance): void {
  if (formatOf(db) === FORMAT) return;
  db.exec('BEGIN IMMEDIATE');
  const format = formatOf(db);
  if (format !== 0 && format !== FORMAT) throw new Error(`these keys have format ${format}, not ${FORMAT}`);
  if (format === 0) {
    db.exec(`
      CREATE TABLE keys (
        person TEXT NOT NULL PRIMARY KEY,
        master_key_id TEXT,
        wrapped BLOB
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX erased ON keys (person) WHERE wrapped IS NULL;
      PRAGMA user_version = ${FORMAT};
    `);
  }
  db.exec('COMMIT');
}

function opened(db: DatabaseSyncInstance, prepare: (db: DatabaseSyncInstance) => void): DatabaseSyncInstance {
  try {
    prepare(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

const formatOf = (db: DatabaseSyncInstance): number =>
  (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
