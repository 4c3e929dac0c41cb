import { EmbeddedReadStore } from '../../src/adapters/embedded/view-store.js';
import type { ReadStore } from '../../src/ports.js';

export const memoryViews = (): ReadStore => EmbeddedReadStore.openInMemory();

/** All documents of a view. */
export async function contents(store: ReadStore, view: string): Promise<Record<string, object>> {
  const found: Record<string, object> = {};
  let cursor: string | undefined;
  do {
    const page = await store.range(view, { field: 'key', limit: 200, ...(cursor && { cursor }) });
    for (const { key, body } of page.items) found[key] = body;
    cursor = page.next ?? undefined;
  } while (cursor);
  return found;
}

/** Resolves when the condition holds; it is the test's time limit that ends the wait. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let restMs = 1; !(await condition()); restMs = Math.min(2 * restMs, 20)) {
    await new Promise((resume) => setTimeout(resume, restMs));
  }
}
