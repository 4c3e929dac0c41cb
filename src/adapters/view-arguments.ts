import type { ViewSpec, ViewWrite } from '../ports.js';
import { isName, isStorable, NAME_CHARS_MAX } from './stored-text.js';

export const VIEW_BATCH_MAX = 20_000;
export const VIEW_PAGE_MAX = 200;
const INDEXED_CHARS_MAX = 500;

/** A field's value as it is indexed; null: not at all. */
export function indexed(value: unknown): string | number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return isStorable(value) && value.length <= INDEXED_CHARS_MAX ? value : null;
}

export function checkedKey(key: string): string {
  if (!isName(key)) throw new TypeError(`a key is text of 1 to ${NAME_CHARS_MAX} characters without NUL`);
  return key;
}

export function checkedKeys(keys: readonly string[], max: number): readonly string[] {
  if (keys.length > max) throw new RangeError(`at most ${max} keys a call, not ${keys.length}`);
  keys.forEach(checkedKey);
  return keys;
}

export function checkedWrites(writes: readonly ViewWrite[]): readonly ViewWrite[] {
  if (writes.length > VIEW_BATCH_MAX) throw new RangeError(`at most ${VIEW_BATCH_MAX} writes a call`);
  for (const { key, body } of writes) {
    checkedKey(key);
    if (typeof body !== 'object') throw new TypeError(`the body of ${key} is no object`);
  }
  return writes;
}

/** Names become file names and collection names, fields become columns: nothing else of a caller's reaches SQL text. */
export function checkedSpec({ name, indexes }: ViewSpec): ViewSpec {
  // A pattern alone would take what only becomes such text.
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]{0,99}$/.test(name)) {
    throw new TypeError(`${String(name)} is no name of a view`);
  }
  for (const field of indexes) {
    if (typeof field !== 'string' || !/^[a-zA-Z][a-zA-Z0-9]{0,62}$/.test(field) || field === 'key') {
      throw new TypeError(`${String(field)} is no field that a view can be asked by`);
    }
  }
  // SQLite does not tell its columns apart by case.
  if (new Set(indexes.map((field) => field.toLowerCase())).size < indexes.length) {
    throw new TypeError(`the fields of ${name} are named alike`);
  }
  return { name, indexes };
}
