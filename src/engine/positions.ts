import type { Position } from '../ports.js';

/** null stands before the first event. */
export const isBefore = (a: Position | null, b: Position | null): boolean =>
  b !== null && (a === null || a < b);
