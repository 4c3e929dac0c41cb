import type { CheckedRange } from '../view-range.js';
import { columnOf } from './view-store-tables.js';

interface Bound {
  readonly condition: string;
  readonly values: readonly (string | number)[];
}

/** The SQL of a page and one document more, which tells whether there is a next page. The field has been checked against those
 *  of the view. */
export function rangeStatement(range: CheckedRange): { sql: string; values: (string | number)[] } {
  const { field, descending, after, limit } = range;
  const column = field === 'key' ? 'key' : columnOf(field);
  const bounds = [lowerBound(column, range), upperBound(column, range)];
  // The cursor lies within the bounds, so it takes the place of the one on its side. As one more condition it would not: the
  // planner could search by the other one, and walk all pages before this one.
  if (after) bounds[descending ? 1 : 0] = cursorBound(column, range);
  const used = bounds.filter((bound) => bound !== null);
  const exists = field === 'key' ? 'body IS NOT NULL' : `${column} IS NOT NULL`;
  const where = [exists, ...used.map(({ condition }) => condition)].join(' AND ');
  const direction = descending ? 'DESC' : 'ASC';
  const order = field === 'key' ? `key ${direction}` : `${column} ${direction}, key ${direction}`;
  return {
    sql: `SELECT key, body FROM documents WHERE ${where} ORDER BY ${order} LIMIT ?`,
    values: [...used.flatMap(({ values }) => values), limit + 1],
  };
}

// Numbers come before the empty text, the first of all texts.
function lowerBound(column: string, { from, to }: CheckedRange): Bound | null {
  if (from !== undefined) return { condition: `${column} >= ?`, values: [from] };
  return typeof to === 'string' ? { condition: `${column} >= ''`, values: [] } : null;
}

function upperBound(column: string, { from, to }: CheckedRange): Bound | null {
  if (to !== undefined) return { condition: `${column} <= ?`, values: [to] };
  return typeof from === 'number' ? { condition: `${column} < ''`, values: [] } : null;
}

function cursorBound(column: string, { after, descending, field }: CheckedRange): Bound {
  const beyond = descending ? '<' : '>';
  const { value, key } = after!;
  if (field === 'key') return { condition: `key ${beyond} ?`, values: [key] };
  return { condition: `(${column}, key) ${beyond} (?, ?)`, values: [value, key] };
}
