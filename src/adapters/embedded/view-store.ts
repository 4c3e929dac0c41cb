import { join } from 'node:path';

import {
  BadCursor,
  type ParkedStream,
  type Position,
  ReadStore,
  StoreUnavailable,
  type ViewDocument,
  type ViewPage,
  type ViewRange,
  type ViewSpec,
  type ViewWrite,
} from '../../ports.js';
import { checkedKey, checkedKeys, checkedSpec, checkedWrites, VIEW_BATCH_MAX } from '../view-arguments.js';
import { checkedRange } from '../view-range.js';
import { ViewFiles } from './view-store-files.js';
import { ViewMemory } from './view-store-memory.js';
import type { ViewPlace } from './view-store-place.js';

/** Views in SQLite, a file each. Calls work synchronously: writers belong into a worker thread, and the main thread reads what
 *  they write through an object of its own, opened `readOnly`. */
export class EmbeddedReadStore extends ReadStore {
  private closed = false;

  private constructor(private readonly place: ViewPlace) {
    super();
  }

  /** Opens `<dataDir>/views`. With `readOnly`, nothing is made: a view answers as empty until its writer has made it. */
  static open({ dataDir, readOnly = false }: { dataDir: string; readOnly?: boolean }): EmbeddedReadStore {
    const directory = join(dataDir, 'views');
    try {
      return new EmbeddedReadStore(new ViewFiles(directory, readOnly));
    } catch (error) {
      throw new StoreUnavailable(`${directory} cannot be used: ${String(error)}`, { cause: error });
    }
  }

  static openInMemory(): EmbeddedReadStore {
    return new EmbeddedReadStore(new ViewMemory());
  }

  override async open(view: ViewSpec): Promise<void> {
    this.attempt(() => this.place.make(checkedSpec(view)));
  }

  override async load(view: string, keys: readonly string[]): Promise<Map<string, ViewDocument>> {
    checkedKeys(keys, VIEW_BATCH_MAX);
    return this.attempt(() => this.place.find(view)?.load(keys) ?? new Map<string, ViewDocument>());
  }

  override async save(view: string, writes: readonly ViewWrite[], checkpoint: Position): Promise<string[]> {
    checkedWrites(writes);
    return this.attempt(() => this.place.write(view, (there) => there.save(writes, checkpoint)));
  }

  override async checkpoint(view: string): Promise<Position | null> {
    return this.attempt(() => this.place.find(view)?.checkpoint() ?? null);
  }

  override async get(view: string, key: string): Promise<ViewDocument | null> {
    checkedKey(key);
    return this.attempt(() => this.place.find(view)?.get(key) ?? null);
  }

  override async range(view: string, range: ViewRange): Promise<ViewPage> {
    const checked = checkedRange(range);
    return this.attempt(() => this.place.find(view)?.range(checked) ?? { items: [], next: null });
  }

  override async park(view: string, parked: ParkedStream): Promise<void> {
    this.attempt(() => this.place.write(view, (there) => there.park(parked)));
  }

  override async parked(view: string): Promise<ParkedStream[]> {
    return this.attempt(() => this.place.find(view)?.parked() ?? []);
  }

  override async unpark(view: string, stream: string): Promise<void> {
    this.attempt(() => this.place.write(view, (there) => there.unpark(stream)));
  }

  override async purgeDeleted(view: string, upTo: Position): Promise<void> {
    this.attempt(() => this.place.write(view, (there) => there.purgeDeleted(upTo)));
  }

  override async beginRebuild(view: string): Promise<string> {
    return this.attempt(() => this.place.begin(view));
  }

  override async completeRebuild(view: string, building: string): Promise<boolean> {
    return this.attempt(() => this.place.complete(view, building));
  }

  override async drop(view: string): Promise<void> {
    this.attempt(() => this.place.remove(view));
  }

  override async ping(): Promise<void> {
    this.attempt(() => this.place.check());
  }

  override async close(): Promise<void> {
    if (this.closed) return;
    this.attempt(() => this.place.close());
    this.closed = true;
  }

  private attempt<T>(work: () => T): T {
    if (this.closed) throw new StoreUnavailable('the views are closed');
    try {
      return work();
    } catch (error) {
      const isOurs = error instanceof StoreUnavailable || error instanceof BadCursor;
      if (isOurs || error instanceof TypeError || error instanceof RangeError) throw error;
      throw new StoreUnavailable(`the views failed: ${String(error)}`, { cause: error });
    }
  }
}
