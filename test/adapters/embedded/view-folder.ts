import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EmbeddedReadStore } from '../../../src/adapters/embedded/view-store.js';
import type { Position, ViewWrite } from '../../../src/ports.js';

/** For worker threads and child processes, which cannot run TypeScript. */
export const built = new URL('../../../dist/adapters/embedded/view-store.js', import.meta.url).href;

export const view = 'account-view-1';

export const at = (position: number): Position => String(position).padStart(16, '0');

export const write = (
  key: string,
  position: number,
  readAt?: number,
  body: object = { n: position },
): ViewWrite => ({
  key,
  position: at(position),
  body,
  readAt: readAt === undefined ? null : at(readAt),
});

export const bodyOf = async (store: EmbeddedReadStore, key: string): Promise<object | null | undefined> =>
  (await store.get(view, key))?.body;

/** A data directory for a test, with all stores that the test has opened on it. */
export class ViewFolder {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'portcullis-views-'));
  readonly views = join(this.dataDir, 'views');
  private readonly opened: EmbeddedReadStore[] = [];

  open(readOnly: boolean): EmbeddedReadStore {
    const store = EmbeddedReadStore.open({ dataDir: this.dataDir, readOnly });
    this.opened.push(store);
    return store;
  }

  path(file: string): string {
    return join(this.views, file);
  }

  files(): string[] {
    return readdirSync(this.views).sort();
  }

  databases(): string[] {
    return this.files().filter((file) => file.endsWith('.db'));
  }

  async remove(): Promise<void> {
    for (const store of this.opened) await store.close();
    rmSync(this.dataDir, { recursive: true });
  }
}
