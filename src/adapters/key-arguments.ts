import type { WrappedKey } from '../ports.js';
import { isName, NAME_CHARS_MAX } from './stored-text.js';

const PAGE_MAX = 1_000;
const WRAPPED_BYTES_MAX = 1_024;

export function checkedPerson(person: string): string {
  if (!isName(person))
    throw new TypeError(`a person is text of 1 to ${NAME_CHARS_MAX} characters without NUL`);
  return person;
}

export function checkedWrapping({ person, masterKeyId, wrapped }: WrappedKey): WrappedKey {
  checkedPerson(person);
  if (!isName(masterKeyId)) throw new TypeError('a master key has a name');
  if (!(wrapped instanceof Uint8Array) || wrapped.length === 0 || wrapped.length > WRAPPED_BYTES_MAX) {
    throw new TypeError(`a wrapped key has 1 to ${WRAPPED_BYTES_MAX} bytes`);
  }
  // A copy: a message would otherwise carry the whole pool that a Buffer is part of.
  return { person, masterKeyId, wrapped: new Uint8Array(wrapped) };
}

export function checkedCount(count: number): void {
  if (!Number.isInteger(count) || count < 0 || count > PAGE_MAX) {
    throw new RangeError(`at most ${PAGE_MAX} keys a call, not ${count}`);
  }
}
