import { StoreUnavailable, type ViewSpec } from '../../ports.js';
import type { ViewDatabase } from './view-store-database.js';

/** Where the databases of views are kept: in files or in memory. Names are checked by the caller. */
export interface ViewPlace {
  /** Makes the view, and its fields, where they are missing. */
  make(view: ViewSpec): void;
  /** The view as it stands, for reading; null when there is none. */
  find(name: string): ViewDatabase | null;
  /** Runs `work` in a transaction on the view as it stands. Throws `StoreUnavailable` when there is none. */
  write<T>(name: string, work: (view: ViewDatabase) => T): T;
  /** As `ReadStore.beginRebuild`. */
  begin(name: string): string;
  /** As `ReadStore.completeRebuild`. */
  complete(name: string, building: string): boolean;
  remove(name: string): void;
  /** Throws when views can be neither read nor written. */
  check(): void;
  close(): void;
}

export const neverOpened = (name: string): StoreUnavailable =>
  new StoreUnavailable(`the view ${name} is not there: it was never opened, or dropped`);

/** A copy may take the view's place once it reflects all that the view does. */
export const isBehind = (copy: ViewDatabase, view: ViewDatabase): boolean =>
  (copy.checkpoint() ?? '') < (view.checkpoint() ?? '');
