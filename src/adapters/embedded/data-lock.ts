import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { join, resolve } from 'node:path';

import { makePrivateDirectory, makePrivateFile } from './private-files.js';

/** Another process works on the same DATA_DIR. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse';
  constructor(dataDir: string, options?: ErrorOptions) {
    super(
      `${dataDir} is in use by another running Portcullis. Stop that one first, or set DATA_DIR to another directory.`,
      options,
    );
  }
}

/** Keeps a DATA_DIR to one service. The operating system frees it with the process, however that ends. */
export class DataLock {
  private constructor(private readonly db: DatabaseSyncInstance) {}

  /** Makes the directory (0700) where it is missing. Throws `DataDirectoryInUse`. */
  static take(dataDir: string): DataLock {
    makePrivateDirectory(dataDir);
    const file = join(dataDir, 'lock.db');
    makePrivateFile(file);
    const db = new DatabaseSync(file, { timeout: 0 });
    try {
      // Nothing is ever written, so nothing need be kept to undo it.
      db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (error) {
      db.close();
      if (isBusy(error)) throw new DataDirectoryInUse(resolve(dataDir), { cause: error });
      throw error;
    }
    return new DataLock(db);
  }

  /** Again is no error. */
  release(): void {
    if (this.db.isOpen) this.db.close();
  }
}

const SQLITE_BUSY = 5;
const isBusy = (error: unknown): boolean =>
  ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY;
