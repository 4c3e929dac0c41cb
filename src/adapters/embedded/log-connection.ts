import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { join } from 'node:path';

import type { Position } from '../../ports.js';
import { makePrivateFile } from './private-files.js';

export const logFile = (dataDir: string): string => join(dataDir, 'log.db');

/** How long a statement waits for another connection's lock, and for the recovery of a WAL after a kill. */
const BUSY_TIMEOUT_MS = 5_000;
const FORMAT = 1;

/** Opens `log.db` (or ':memory:') for appending, and makes it where it is missing. */
export function openLogForWriting(file: string, busyTimeoutMs = BUSY_TIMEOUT_MS): DatabaseSyncInstance {
  if (file !== ':memory:') makePrivateFile(file);
  const db = new DatabaseSync(file, { timeout: busyTimeoutMs });
  try {
    db.exec('PRAGMA journal_mode = WAL');
    // On every connection: a reopened WAL file falls back to NORMAL, which loses acknowledged events in a power cut.
    db.exec('PRAGMA synchronous = FULL');
    db.exec('PRAGMA cache_size = -32768');
    // A long read, such as a backup, lets the WAL grow; afterwards it shrinks to this.
    db.exec('PRAGMA journal_size_limit = 67108864');
    makeTables(db);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

/** Opens an existing `log.db` for reading, beside whoever writes it. */
export function openLogForReading(file: string): DatabaseSyncInstance {
  const db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    const format = formatOf(db);
    if (format !== FORMAT) throw new Error(`${file} has format ${format}, not ${FORMAT}`);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

/** Positions are the row ids, without gaps from 1, as text that sorts like them. */
export const positionText = (position: number): Position => String(position).padStart(POSITION_DIGITS, '0');

/** 0 is before the first event. */
export function positionNumber(position: Position | null): number {
  if (position === null) return 0;
  if (!/^\d{16}$/.test(position)) throw new RangeError(`${position} is no position of this log`);
  return Number(position);
}

const POSITION_DIGITS = 16;

function makeTables(db: DatabaseSyncInstance): void {
  db.exec('BEGIN IMMEDIATE');
  const format = formatOf(db);
  if (format !== 0 && format !== FORMAT) throw new Error(`this log has format ${format}, not ${FORMAT}`);
  if (format === 0) {
    db.exec(`
      CREATE TABLE events (
        position INTEGER PRIMARY KEY,
        stream TEXT NOT NULL,
        revision INTEGER NOT NULL,
        event_id TEXT NOT NULL,
        type TEXT NOT NULL,
        data TEXT NOT NULL,
        metadata TEXT NOT NULL,
        UNIQUE (stream, revision)
      ) STRICT;
    `);
  }
  // Written each time: a new commit in the place of what a failed one may have left in the WAL.
  db.exec(`PRAGMA user_version = ${FORMAT}; COMMIT`);
}

const formatOf = (db: DatabaseSyncInstance): number =>
  (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
