import type { Position, ViewDocument, ViewWrite } from '../../ports.js';
import { indexed } from '../view-arguments.js';

/** The body as text, so that its fields may have any name; beside it what it can be asked by. */
export interface StoredDocument {
  readonly _id: string;
  readonly position: Position;
  readonly body: string | null;
  readonly by: Readonly<Record<string, string | number>>;
  /** The position, of a deleted document. */
  readonly deleted?: Position;
}

/** Where a document keeps what it is asked by. */
export const pathOf = (field: string): string => (field === 'key' ? '_id' : `by.${field}`);

export function storedDocument(
  { key, position, body }: ViewWrite,
  fields: readonly string[],
): StoredDocument {
  if (body === null) return { _id: key, position, body, by: {}, deleted: position };
  return { _id: key, position, body: JSON.stringify(body), by: valuesOf(body, fields) };
}

export const documentOf = ({
  _id,
  position,
  body,
}: Pick<StoredDocument, '_id' | 'position' | 'body'>): ViewDocument => ({
  key: _id,
  position,
  body: body === null ? null : (JSON.parse(body) as object),
});

/** What a document is found by. */
export function valuesOf(body: object, fields: readonly string[]): Record<string, string | number> {
  const values: Record<string, string | number> = {};
  for (const field of fields) {
    const value = indexed((body as Record<string, unknown>)[field]);
    if (value !== null) values[field] = value;
  }
  return values;
}
