import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readSettings } from '../src/config.js';

const jwk = (key: KeyObject) => key.export({ format: 'jwk' });
const pair = generateKeyPairSync('ed25519');
const key = { ...jwk(pair.publicKey), kid: 'legacy-1', use: 'sig' };
const url = 'https://legacy.example/handoff';

const settingsWith = (keys: unknown, more: Record<string, string> = {}) => ({
  LEGACY_PORTAL_URL: url,
  LEGACY_PORTAL_CLIENT_ID: 'legacy',
  LEGACY_PORTAL_JWKS: typeof keys === 'string' ? keys : JSON.stringify({ keys }),
  ...more,
});

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
}

describe('The public keys of the legacy portal', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  test.each([
    ['one of Ed25519', [key]],
    ['one without a name', [jwk(pair.publicKey)]],
    ['several kinds', [key, { ...jwk(rsa.publicKey), kid: 'a' }, { ...jwk(ec.publicKey), kid: 'b' }]],
  ])('are taken: %s', (_, keys) => {
    expect(problemsOf(settingsWith(keys))).toEqual([]);
    expect(readSettings(settingsWith(keys)).LEGACY_PORTAL_JWKS).toEqual({ keys });
  });

  test('are taken from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'keys-'));
    try {
      const file = join(folder, 'legacy.json');
      writeFileSync(file, JSON.stringify({ keys: [key] }));
      expect(readSettings(settingsWith(file)).LEGACY_PORTAL_JWKS).toEqual({ keys: [key] });
      writeFileSync(file, `${JSON.stringify({ keys: [key] })}${' '.repeat(64 * 1024)}`);
      expect(problemsOf(settingsWith(file))).toEqual([expect.stringContaining('of at most 64 KiB')]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
  test.each([
    ['a private key', [{ ...jwk(pair.privateKey), kid: 'x' }], 'key 1 is not public'],
    ['a shared secret', [{ kty: 'oct', k: 'c2VjcmV0', kid: 'x' }], 'key 1 is not public'],
    ['a key for encryption', [{ ...key, use: 'enc' }], 'key 1 is not for signatures'],
    ['two of one name', [key, key], 'key 1 has the kid of another one'],
    ['two, one of them nameless', [key, jwk(ec.publicKey)], 'key 2 has no kid'],
    ['a small RSA key', [jwk(small.publicKey)], 'key 1 must have 2048 bits'],
    [
      'a curve for agreement',
      [{ kty: 'OKP', crv: 'X25519', x: key.x }],
      'key 1 must be RSA, or of the curve',
    ],
    ['a point that is none', [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }], 'key 1 is no public key'],
    ['a key cut short', [{ kty: 'OKP', crv: 'Ed25519', x: 'AA' }], 'key 1 is no public key'],
    ['none', [], 'must be a JWK set'],
    ['no key set', '{"kty":"OKP"}', 'must be a JWK set'],
    ['no JSON', '{', 'must be a JWK set'],
    ['no file', '/nowhere/legacy.json', 'there is no file'],
    ['a folder', tmpdir(), 'there is no file'],
  ])('are refused at start: %s', (_, keys, problem) => {
    const problems = problemsOf(settingsWith(keys));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`LEGACY_PORTAL_JWKS: `);
    expect(problems[0]).toContain(problem);
  });
});

describe('Where people are handed over', () => {
  test.each([url, 'http://127.0.0.1:8080/in', 'http://localhost/'])('may be %s', (address) => {
    expect(problemsOf(settingsWith([key], { LEGACY_PORTAL_URL: address }))).toEqual([]);
  });

  test.each([
    ['http://legacy.example/in', 'https, or http on this machine'],
    ['ftp://legacy.example', 'Invalid URL'],
    ['https://user:secret@legacy.example/', 'no user name'],
    ['https://legacy.example/?ticket=', 'no query'],
    ['https://legacy.example/#here', 'no fragment'],
  ])('may not be %s', (address, problem) => {
    const problems = problemsOf(settingsWith([key], { LEGACY_PORTAL_URL: address }));
    expect(problems.join()).toContain('LEGACY_PORTAL_URL: ');
    expect(problems.join()).toContain(problem);
  });

  test.each(['LEGACY_PORTAL_URL', 'LEGACY_PORTAL_CLIENT_ID', 'LEGACY_PORTAL_JWKS'])(
    'needs %s beside the two others',
    (missing) => {
      expect(problemsOf(settingsWith([key], { [missing]: '' }))).toEqual([
        expect.stringContaining('give all three or none of them'),
      ]);
    },
  );
});
