import { DatabaseSync } from '@photostructure/sqlite';

import type { EmbeddedReadStore } from '../../../src/adapters/embedded/view-store.js';
import { rangeStatement } from '../../../src/adapters/embedded/view-store-range.js';
import { checkedRange } from '../../../src/adapters/view-range.js';
import { type ViewRange } from '../../../src/ports.js';
import { view, ViewFolder } from './view-folder.js';

let folder: ViewFolder;
let writer: EmbeddedReadStore;

beforeEach(async () => {
  folder = new ViewFolder();
  writer = folder.open(false);
  await writer.open({ name: view, indexes: ['n'] });
});
afterEach(() => folder.remove());

describe('views asked for a range', () => {
  const plansOf = (range: ViewRange): string => {
    const db = new DatabaseSync(folder.path(folder.databases()[0]!), { readOnly: true });
    const { sql, values } = rangeStatement(checkedRange(range));
    const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[];
    db.close();
    return steps.map(({ detail }) => detail).join('; ');
  };
  const cursorOf = (range: ViewRange, value: string | number, key: string): string =>
    Buffer.from(JSON.stringify([range.field, range.descending, value, key])).toString('base64url');

  const bounds = [{}, { from: 'b' }, { to: 'd' }, { from: 'b', to: 'd' }];
  const ranges = ['n', 'key'].flatMap((field) =>
    bounds.flatMap((bound) =>
      [false, true].map((descending): ViewRange => ({ field, ...bound, descending, limit: 10 })),
    ),
  );

  it.each(ranges)('search by an index, already in order: %j', (range) => {
    const index = range.field === 'key' ? 'sqlite_autoindex_documents_1' : 'by_field_n';
    expect(plansOf(range)).toMatch(new RegExp(`^S(EARCH|CAN) documents USING INDEX ${index}( \\(.*\\))?$`));
  });

  it.each(ranges)('go straight to the place of a cursor: %j', (range) => {
    const cursor = cursorOf(range, 'c', 'c');
    const place = range.field === 'key' ? 'key' : '(field_n,key)';
    const beyond = range.descending ? '<' : '>';
    const search = `${place}${beyond}${range.field === 'key' ? '?' : '(?,?)'}`;
    expect(plansOf({ ...range, cursor })).toContain(search);
    expect(plansOf({ ...range, cursor })).not.toMatch(/SCAN|TEMP B-TREE/);
  });
});
