import type { Document, Filter, Sort } from 'mongodb';

import type { CheckedRange } from '../view-range.js';
import { pathOf, type StoredDocument } from './stored-document.js';

type Value = string | number;
type Type = 'number' | 'string';

/** The first of all numbers, and of all texts. MongoDB compares a bound with values of its own type only. */
const FIRST = { number: -Number.MAX_VALUE, string: '' };

/** The documents of a page and all after it, as intervals of the index that serves their order: so none is walked that is not asked for.
 *  Bounds and cursor are checked text or numbers. */
export function pageFilter(range: CheckedRange): Filter<StoredDocument> {
  const { field, after, descending } = range;
  const path = pathOf(field);
  if (field === 'key') return { _id: bounds(range, 'string'), body: { $ne: null } } as Filter<StoredDocument>;
  const intervals = typesOf(range).flatMap((type): Document[] => {
    const within = { [path]: bounds(range, type) };
    if (after === null || typeof after.value !== type) return [within];
    return [{ [path]: after.value, _id: { [descending ? '$lt' : '$gt']: after.key } }, within];
  });
  return (intervals.length === 1 ? intervals[0] : { $or: intervals }) as Filter<StoredDocument>;
}

export function pageOrder({ field, descending }: CheckedRange): Sort {
  const direction = descending ? -1 : 1;
  return field === 'key' ? { _id: direction } : { [pathOf(field)]: direction, _id: direction };
}

/** Those that the bounds and the cursor leave. Numbers come before text. */
function typesOf({ from, to, after, descending }: CheckedRange): Type[] {
  const bound = from ?? to;
  if (bound !== undefined) return [typeof bound as Type];
  const passed = descending ? 'string' : 'number';
  const isPassed = after !== null && typeof after.value !== passed;
  return (['number', 'string'] as const).filter((type) => !(isPassed && type === passed));
}

function bounds({ from, to, after, descending }: CheckedRange, type: Type): Record<string, Value> {
  const within: Record<string, Value> = { $gte: from ?? FIRST[type], ...(to !== undefined && { $lte: to }) };
  if (after === null || typeof after.value !== type) return within;
  // The cursor lies within the bounds, so it takes the place of the one on its side.
  if (descending) return { $gte: within.$gte!, $lt: after.value };
  return { $gt: after.value, ...(to !== undefined && { $lte: to }) };
}
