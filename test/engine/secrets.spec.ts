import { deriveKey, equalInConstantTime, keyedHash, masterKey } from '../../src/engine/secrets.js';

const key = new Uint8Array(32).fill(1);
const otherKey = new Uint8Array(32).fill(2);

describe('a master key', () => {
  test('has a public name that tells it from others and stays the same', () => {
    expect(masterKey(key).id).toBe(masterKey(Uint8Array.from(key)).id);
    expect(masterKey(key).id).not.toBe(masterKey(otherKey).id);
  });
  test('has a name of eight hexadecimal digits that is no part of it', () => {
    expect(masterKey(key).id).toMatch(/^[0-9a-f]{8}$/);
    expect(Buffer.from(key).toString('hex')).not.toContain(masterKey(key).id);
  });
});

describe('a derived key', () => {
  test('is of one purpose and one key', () => {
    const keys = [deriveKey(key, 'a'), deriveKey(key, 'b'), deriveKey(otherKey, 'a')];
    expect(new Set(keys.map((made) => made.toString('hex'))).size).toBe(3);
    expect(keys[0]).toHaveLength(32);
  });
  // Stored names and mailed links are made with it: another derivation would orphan them all.
  test('never changes', () => {
    expect(deriveKey(key, 'email').toString('hex')).toBe(
      '0a0e884538b1bd4865dd966d8b8b4d6b42da53842ba29ce641a753f74952cf3c',
    );
  });
});

describe('a keyed hash', () => {
  test('never changes', () => {
    expect(keyedHash(key, ['a', 'b'])).toBe('EelCH2G-uD1WkuLdbO_s9S7mFsI34JCVcfVvcZDPCqU');
  });
  test('depends on the key', () => {
    expect(keyedHash(key, ['a'])).not.toBe(keyedHash(otherKey, ['a']));
  });
  test('does not let parts run into each other', () => {
    const hashes = [
      ['ab', 'c'],
      ['a', 'bc'],
      ['abc'],
      ['abc', ''],
      ['', 'abc'],
      ['a', 'b', 'c'],
      ['1:a', 'bc'],
    ].map((parts) => keyedHash(key, parts));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
  test('counts bytes, not characters', () => {
    expect(keyedHash(key, ['é', 'x'])).not.toBe(keyedHash(key, ['é2:x']));
    expect(keyedHash(key, ['é', 'x'])).not.toBe(keyedHash(key, ['e\u0301', 'x']));
  });
  test('is as long as asked for', () => {
    expect(Buffer.from(keyedHash(key, ['a'], 24), 'base64url')).toHaveLength(24);
    expect(Buffer.from(keyedHash(key, ['a']), 'base64url')).toHaveLength(32);
  });
});

describe('comparing in constant time', () => {
  test.each([
    ['same', 'same', true],
    ['same', 'sane', false],
    ['same', 'same ', false],
    ['', '', true],
    ['', 'a', false],
    ['é', 'e\u0301', false],
    // As long in characters, not in bytes: comparing the buffers would throw.
    ['é', 'e', false],
  ])('%j and %j: %j', (a, b, equal) => {
    expect(equalInConstantTime(a, b)).toBe(equal);
  });
});
