import { BadCursor, type ViewRange } from '../ports.js';
import { isName, isStorable } from './stored-text.js';
import { indexed, VIEW_PAGE_MAX } from './view-arguments.js';

type Value = string | number;

/** Where a page ended; the value is the key in a range over keys. */
export interface Place {
  readonly value: Value;
  readonly key: string;
}

/** A range whose values are what they should be, with its cursor read. */
export interface CheckedRange extends Omit<ViewRange, 'cursor' | 'descending'> {
  readonly descending: boolean;
  readonly after: Place | null;
}

/** Throws `BadCursor`, `TypeError`, `RangeError`. Whether the field is indexed is for the store to say. */
export function checkedRange(range: ViewRange): CheckedRange {
  const { field, from, to, limit } = range;
  if (!Number.isInteger(limit) || limit < 1 || limit > VIEW_PAGE_MAX) {
    throw new RangeError(`a page has 1 to ${VIEW_PAGE_MAX} documents, not ${limit}`);
  }
  for (const bound of [from, to]) {
    if (bound !== undefined && !isBound(bound)) throw new TypeError('a bound is text or a finite number');
    if (field === 'key' && typeof bound === 'number') throw new TypeError('keys are text');
  }
  if (from !== undefined && to !== undefined && typeof from !== typeof to) {
    throw new TypeError('from and to are of one type');
  }
  const checked = { field, from, to, limit, descending: range.descending === true };
  return { ...checked, after: range.cursor === undefined ? null : placeOf(range.cursor, checked) };
}

/** The cursor of a page that ended with this document. */
export function cursorAfter({ field, descending }: CheckedRange, key: string, body: object): string {
  const value = field === 'key' ? key : (body as Record<string, unknown>)[field];
  return Buffer.from(JSON.stringify([field, descending, value, key])).toString('base64url');
}

/** Two texts of 500 characters, each written as six, in base64. */
const CURSOR_CHARS_MAX = 8_192;

function placeOf(cursor: string, range: Omit<CheckedRange, 'after'>): Place {
  const [field, descending, value, key] = decoded(cursor);
  const fits =
    field === range.field &&
    descending === range.descending &&
    isName(key) &&
    isValue(value) &&
    (field !== 'key' || value === key) &&
    isWithin(value, range);
  if (!fits) throw new BadCursor('this cursor belongs to another question');
  return { value, key };
}

function decoded(cursor: unknown): unknown[] {
  if (typeof cursor !== 'string' || cursor.length > CURSOR_CHARS_MAX)
    throw new BadCursor('this is no cursor');
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts)) return parts;
  } catch (error) {
    throw new BadCursor('this is no cursor', { cause: error });
  }
  throw new BadCursor('this is no cursor');
}

const isBound = (bound: unknown): bound is Value => isStorable(bound) || Number.isFinite(bound);
const isValue = (value: unknown): value is Value => indexed(value) !== null;

/** A cursor made up to lie outside the bounds would have the store walk all that lies between. */
function isWithin(value: Value, { from, to }: Pick<ViewRange, 'from' | 'to'>): boolean {
  const type = typeof (from ?? to ?? value);
  if (typeof value !== type) return false;
  return (from === undefined || compared(from, value) <= 0) && (to === undefined || compared(value, to) <= 0);
}

/** As stores order values of one type: text by its UTF-8, which is by code point and not as JavaScript has it. */
function compared(left: Value, right: Value): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return Buffer.compare(Buffer.from(String(left)), Buffer.from(String(right)));
}
