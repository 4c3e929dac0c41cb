import type { Position, ReadStore, ViewRange, ViewWrite } from '../../src/ports.js';

/** Positions are text of one length, as a log has them. */
export const at = (position: number): Position => String(position).padStart(16, '0');

export const write = (key: string, position: number, body: object | null, readAt?: number): ViewWrite => ({
  key,
  position: at(position),
  body,
  readAt: readAt === undefined ? null : at(readAt),
});

export const parkedAt = (stream: string, revision: number) => ({
  stream,
  revision,
  position: at(revision),
  cause: 'unknown event type',
  parkedAt: 1_700_000_000_000,
});

/** A view of its own for each test, which can be asked by `status` and `lockedAt`. */
export class OpenView {
  constructor(
    readonly store: ReadStore,
    readonly view: string,
  ) {}

  /** Keys in the order of a range that fits on one page. */
  async keysOf(range: Partial<ViewRange>): Promise<string[]> {
    const page = await this.store.range(this.view, { field: 'key', limit: 200, ...range });
    return page.items.map(({ key }) => key);
  }

  /** All pages of a range, walked by their cursors. */
  async pagesOf(range: ViewRange): Promise<string[][]> {
    const pages: string[][] = [];
    let cursor: string | null | undefined;
    do {
      const page = await this.store.range(this.view, { ...range, ...(cursor && { cursor }) });
      pages.push(page.items.map(({ key }) => key));
      cursor = page.next;
    } while (cursor !== null);
    return pages;
  }
}
