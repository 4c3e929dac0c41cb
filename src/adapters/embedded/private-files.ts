import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Makes the directory, parents included, durably and for this user alone (0700). */
export function makePrivateDirectory(directory: string): void {
  const path = resolve(directory);
  const made = mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  // A directory survives a power cut once its parent is on disk.
  for (let child = path; made !== undefined && child.length >= made.length; child = dirname(child)) {
    syncDirectory(dirname(child));
  }
}

/** Makes the file for this user alone (0600) unless it is there. SQLite gives its -wal and -shm files the same mode. */
export function makePrivateFile(file: string): void {
  try {
    // Exclusively: to open a file that SQLite has open in this process, and to close it, would drop SQLite's locks on it.
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  chmodSync(file, 0o600);
}

/** Makes what was created, renamed or removed in the directory durable. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
