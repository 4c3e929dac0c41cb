import fc from 'fast-check';

import { at, OpenView, write } from './read-store-view.js';

type Value = string | number;

/** The keys that a range over `status` should give: numbers first, text by its UTF-8, and of bounded ranges only their type. */
function inOrder(
  docs: readonly { key: string; status: Value | null }[],
  { from, to, descending }: { from?: Value; to?: Value; descending?: boolean },
): string[] {
  const compare = (a: Value, b: Value): number => {
    if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
    return typeof a === 'number'
      ? a - (b as number)
      : Buffer.compare(Buffer.from(a), Buffer.from(b as string));
  };
  const type = from ?? to;
  const found = docs
    .flatMap(({ key, status }) => (status === null ? [] : [{ key, status }]))
    .filter(({ status }) => type === undefined || typeof status === typeof type)
    .filter(({ status }) => from === undefined || compare(status, from) >= 0)
    .filter(({ status }) => to === undefined || compare(status, to) <= 0)
    .sort((a, b) => compare(a.status, b.status) || compare(a.key, b.key))
    .map(({ key }) => key);
  return descending ? found.reverse() : found;
}

const values = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.constantFrom('', 'a', 'b', 'ß', '\u{1f600}'));
const documents = fc.uniqueArray(
  fc.record({ key: fc.constantFrom(...'abcdefghij'), status: fc.oneof(values, fc.constant(null)) }),
  { selector: ({ key }) => key },
);
const questions = fc.record(
  { from: values, to: values, descending: fc.boolean(), limit: fc.integer({ min: 1, max: 4 }) },
  { requiredKeys: ['limit'] },
);

export function rangeModelRules(given: () => OpenView): void {
  test('a range gives, page by page, what sorting and filtering the same documents gives', async () => {
    const { store, view } = given();
    let asked = 0;
    const property = fc.asyncProperty(documents, questions, async (docs, { limit, ...range }) => {
      fc.pre(range.from === undefined || range.to === undefined || typeof range.from === typeof range.to);
      const name = `${view}-${++asked}`;
      await store.open({ name, indexes: ['status'] });
      const writes = docs.map(({ key, status }) => write(key, 1, { status }));
      await store.save(name, writes, at(1));
      const pages = await new OpenView(store, name).pagesOf({ field: 'status', ...range, limit });
      await store.drop(name);
      expect(pages.flat()).toEqual(inOrder(docs, range));
    });
    await fc.assert(property, { numRuns: 60 });
  });
}
