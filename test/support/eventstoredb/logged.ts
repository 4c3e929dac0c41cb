export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface Logged extends Proposed {
  readonly stream: string;
  readonly revision: bigint;
  /** A byte offset: events have gaps between them. */
  readonly position: bigint;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export type Expected = bigint | 'any' | 'no_stream' | 'stream_exists';

/** `actual` is -1 for a stream without events. */
export type Outcome =
  | { readonly kind: 'written'; readonly revision: bigint; readonly position: bigint; readonly first: bigint }
  | { readonly kind: 'wrongVersion'; readonly actual: bigint }
  | { readonly kind: 'deleted' };

/** The revision that a tombstone has, and the truncation that means "deleted, may come back". */
export const DELETED = 2n ** 63n - 1n;

export function json(data: object | string): Omit<Proposed, 'id' | 'type'> {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return { contentType: 'application/json', data: Buffer.from(text), metadata: new Uint8Array() };
}
