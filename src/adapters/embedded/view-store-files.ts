import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { ViewSpec } from '../../ports.js';
import { makePrivateDirectory, syncDirectory } from './private-files.js';
import { connectBuilder, connectReader, connectWriter, makeLive, settle } from './view-store-connection.js';
import { ViewDatabase } from './view-store-database.js';
import { isBehind, neverOpened, type ViewPlace } from './view-store-place.js';

/** A view's file is `<name>.<generation>.db`, where the highest generation is the live one: SQLite finds the -wal file by the
 *  path of the database, so one database must never take over the path of another that may still be open. */
const FIRST_GENERATION = 1;

interface HeldView {
  readonly file: string;
  readonly inode: number | null;
  readonly db: DatabaseSyncInstance;
  readonly view: ViewDatabase;
}

/** Views in a directory. One object in each thread or process; readers notice what another one replaced. */
export class ViewFiles implements ViewPlace {
  private readonly held = new Map<string, HeldView>();

  constructor(
    private readonly directory: string,
    private readonly readOnly: boolean,
  ) {
    if (!readOnly) makePrivateDirectory(directory);
  }

  make({ name, indexes }: ViewSpec): void {
    if (this.readOnly) return;
    this.release(name);
    const file = this.liveFile(name) ?? this.generation(name, FIRST_GENERATION);
    const db = connectWriter(file, indexes);
    this.hold(name, file, inodeOf(file), db);
    this.removeOthers(name, file);
  }

  find(name: string): ViewDatabase | null {
    return this.live(name)?.view ?? null;
  }

  write<T>(name: string, work: (view: ViewDatabase) => T): T {
    if (this.readOnly) throw new TypeError('these views were opened for reading');
    for (;;) {
      const held = this.live(name);
      if (!held) throw neverOpened(name);
      // Whoever replaces a file holds its lock: seen as current under the lock, it stays so until the commit.
      const done = held.view.transaction(() => (isCurrent(held) ? { result: work(held.view) } : null));
      if (done) return done.result;
    }
  }

  begin(name: string): string {
    if (this.readOnly) throw new TypeError('these views were opened for reading');
    const live = this.live(name);
    if (!live) throw neverOpened(name);
    this.removeOthers(name, live.file);
    const building = `${name}.building-${randomBytes(4).toString('hex')}`;
    const file = join(this.directory, `${building}.db`);
    const db = connectBuilder(file, live.view.fields);
    this.hold(building, file, inodeOf(file), db);
    return building;
  }

  complete(name: string, building: string): boolean {
    const copy = this.live(building);
    if (!copy) throw neverOpened(building);
    settle(copy.db);
    const done = this.write(name, (view) => {
      if (isBehind(copy.view, view)) return false;
      this.release(building);
      makeLive(copy.file);
      const { file } = this.held.get(name)!;
      renameSync(copy.file, this.generation(name, generationOf(file) + 1));
      syncDirectory(this.directory);
      for (const part of ['', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
      return true;
    });
    if (done) this.release(name);
    return done;
  }

  remove(name: string): void {
    if (this.readOnly) throw new TypeError('these views were opened for reading');
    this.release(name);
    this.removeOthers(name, null);
  }

  check(): void {
    accessSync(this.directory, this.readOnly ? constants.R_OK : constants.W_OK);
  }

  close(): void {
    for (const name of [...this.held.keys()]) this.release(name);
  }

  private live(name: string): HeldView | null {
    const held = this.held.get(name);
    if (held && isCurrent(held)) return held;
    this.release(name);
    const file = this.liveFile(name);
    if (!file) return null;
    const inode = inodeOf(file);
    try {
      const db = this.readOnly ? connectReader(file) : connectWriter(file, null);
      if (!db) return null;
      const found = this.hold(name, file, inode, db);
      if (isCurrent(found)) return found;
    } catch (error) {
      // Gone before its inode was asked for, it was replaced, too.
      if (inode !== null && inodeOf(file) === inode) throw error;
    }
    // Replaced between the look and the opening.
    return this.live(name);
  }

  private hold(name: string, file: string, inode: number | null, db: DatabaseSyncInstance): HeldView {
    const held = { file, inode, db, view: new ViewDatabase(db) };
    this.held.set(name, held);
    return held;
  }

  private release(name: string): void {
    this.held.get(name)?.view.close();
    this.held.delete(name);
  }

  private generation(name: string, generation: number): string {
    return join(this.directory, `${name}.${generation}.db`);
  }

  private liveFile(name: string): string | null {
    const generations = this.filesOf(name)
      .map(generationOf)
      .filter((generation) => generation > 0);
    return generations.length === 0 ? null : this.generation(name, Math.max(...generations));
  }

  /** Unfinished copies, and what a crash left of older generations. */
  private removeOthers(name: string, keep: string | null): void {
    for (const held of [...this.held.keys()]) if (held.startsWith(`${name}.`)) this.release(held);
    for (const file of this.filesOf(name)) {
      if (keep === null || !file.startsWith(basename(keep)))
        rmSync(join(this.directory, file), { force: true });
    }
  }

  private filesOf(name: string): string[] {
    return existsSync(this.directory)
      ? readdirSync(this.directory).filter((file) => file.startsWith(`${name}.`))
      : [];
  }
}

/** 0 for what is no live file. */
const generationOf = (file: string): number => Number(/\.(\d+)\.db$/.exec(file)?.[1] ?? 0);

/** The file with this number cannot become another one while it is open, whatever becomes of its path. */
const inodeOf = (file: string): number | null => statSync(file, { throwIfNoEntry: false })?.ino ?? null;

const isCurrent = ({ file, inode }: HeldView): boolean => inode !== null && inodeOf(file) === inode;
