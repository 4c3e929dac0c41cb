import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { randomBytes } from 'node:crypto';

import type { ViewSpec } from '../../ports.js';
import { ViewDatabase } from './view-store-database.js';
import { isBehind, neverOpened, type ViewPlace } from './view-store-place.js';
import { makeIndexes, makeTables } from './view-store-tables.js';

interface HeldView {
  readonly db: DatabaseSyncInstance;
  readonly view: ViewDatabase;
}

/** Views that end with the process, for tests. */
export class ViewMemory implements ViewPlace {
  private readonly held = new Map<string, HeldView>();

  make({ name, indexes }: ViewSpec): void {
    const db = this.held.get(name)?.db ?? new DatabaseSync(':memory:');
    makeTables(db, indexes);
    makeIndexes(db);
    this.held.set(name, { db, view: new ViewDatabase(db) });
  }

  find(name: string): ViewDatabase | null {
    return this.held.get(name)?.view ?? null;
  }

  write<T>(name: string, work: (view: ViewDatabase) => T): T {
    const view = this.there(name);
    return view.transaction(() => work(view));
  }

  begin(name: string): string {
    const { fields } = this.there(name);
    this.removeCopies(name);
    const building = `${name}.building-${randomBytes(4).toString('hex')}`;
    this.make({ name: building, indexes: fields });
    return building;
  }

  complete(name: string, building: string): boolean {
    const view = this.there(name);
    if (isBehind(this.there(building), view)) return false;
    view.close();
    this.held.set(name, this.held.get(building)!);
    this.held.delete(building);
    return true;
  }

  remove(name: string): void {
    this.removeCopies(name);
    this.find(name)?.close();
    this.held.delete(name);
  }

  check(): void {}

  close(): void {
    for (const { view } of this.held.values()) view.close();
    this.held.clear();
  }

  private there(name: string): ViewDatabase {
    const view = this.find(name);
    if (!view) throw neverOpened(name);
    return view;
  }

  private removeCopies(name: string): void {
    for (const held of [...this.held.keys()]) if (held.startsWith(`${name}.`)) this.remove(held);
  }
}
