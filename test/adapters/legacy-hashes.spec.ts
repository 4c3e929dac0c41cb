import { createHash, pbkdf2Sync } from 'node:crypto';
import { hash as argon2 } from '@node-rs/argon2';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { Argon2Hasher } from '../../src/adapters/argon2-hasher.js';
import { LegacyHashes } from '../../src/adapters/legacy-hashes.js';

const PASSWORD = 'Grüße, 123';
const SALT = Buffer.from('saltsalt');

const ab64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('+', '.').replaceAll('=', '');
const pbkdf2 = (salt: Buffer | string) => pbkdf2Sync(PASSWORD, salt, 1_000, 32, 'sha256');
const salted = (algorithm: string) =>
  Buffer.concat([createHash(algorithm).update(PASSWORD).update(SALT).digest(), SALT]).toString('base64');

const hashes: readonly (readonly [string, () => Promise<string>])[] = [
  ['argon2id', () => argon2(PASSWORD, { memoryCost: 64, timeCost: 1 })],
  ['bcrypt', () => bcrypt(PASSWORD, 4)],
  ['bcrypt as PHP writes it', async () => (await bcrypt(PASSWORD, 4)).replace('$2b$', '$2y$')],
  ['PBKDF2 as passlib writes it', async () => `$pbkdf2-sha256$1000$${ab64(SALT)}$${ab64(pbkdf2(SALT))}`],
  ['PBKDF2 as LDAP has it', async () => `{PBKDF2-SHA256}1000$${ab64(SALT)}$${ab64(pbkdf2(SALT))}`],
  [
    'PBKDF2 as Django writes it',
    async () => `pbkdf2_sha256$1000$pepper$${pbkdf2('pepper').toString('base64')}`,
  ],
  ['{SSHA}', async () => `{SSHA}${salted('sha1')}`],
  ['{SSHA256}', async () => `{SSHA256}${salted('sha256')}`],
];

const hasher = new Argon2Hasher({ memoryKiB: 8, passes: 1 }, Buffer.from('pepper'));

describe('hashes of the legacy portal', () => {
  const secrets = new LegacyHashes(0, hasher);

  it.each(hashes)('%s: the right password matches, and no other', async (_, made) => {
    const hash = await made();
    expect(secrets.mistakeIn(hash)).toBeNull();
    expect(await secrets.verify(hash, PASSWORD)).toBe(true);
    expect(await secrets.verify(hash, `${PASSWORD} `)).toBe(false);
    expect(await secrets.verify(hash, '')).toBe(false);
  });

  it('that another program made match', async () => {
    // A test vector of OpenBSD's crypt.
    const hash = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
    expect(await secrets.verify(hash, 'U*U')).toBe(true);
    expect(await secrets.verify(hash, 'U*U*')).toBe(false);
  });

  it.each([
    ['the empty text', ''],
    ['a password in the clear', 'secret'],
    ['MD5', '$1$abcdefgh$G/9R1kkbNvdTZnPUBBeU11'],
    ['{SHA} without a salt', `{SHA}${createHash('sha1').update('x').digest('base64')}`],
    ['{SSHA} without a salt', `{SSHA}${createHash('sha1').update('x').digest('base64')}`],
    ['argon2i', '$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA'],
  ])('cannot be %s', async (_, hash) => {
    expect(secrets.mistakeIn(hash)).toEqual(expect.any(String));
    expect(await secrets.verify(hash, 'x')).toBe(false);
  });

  it.each([
    ['argon2id of 1 GiB', '$argon2id$v=19$m=1048576,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA'],
    ['argon2id of 99 passes', '$argon2id$v=19$m=65536,t=99,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA'],
    ['bcrypt of cost 31', '$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['PBKDF2 of a thousand million rounds', `$pbkdf2-sha256$999999999$c2FsdA$${'a'.repeat(43)}`],
  ])('that cost too much are not compared with: %s', async (_, hash) => {
    expect(secrets.mistakeIn(hash)).toContain('costs more');
    const startedAt = performance.now();
    expect(await secrets.verify(hash, PASSWORD)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('that were made here match however the password is spelled, and cannot be imported', async () => {
    const hash = await secrets.hash(PASSWORD.normalize('NFD'));
    expect(await secrets.verify(hash, PASSWORD)).toBe(true);
    expect(await secrets.verify(hash, `${PASSWORD} `)).toBe(false);
    expect(secrets.mistakeIn(hash)).toEqual(expect.any(String));
    // Without the key that is kept apart, nobody can guess at them.
    const elsewhere = new Argon2Hasher({ memoryKiB: 8, passes: 1 }, Buffer.from('another'));
    expect(await new LegacyHashes(0, elsewhere).verify(hash, PASSWORD)).toBe(false);
  });

  it('refuse everybody who has none, whatever they say', async () => {
    expect(await secrets.verify(undefined, PASSWORD)).toBe(false);
    // The decoy is somebody's hash by now, and still opens nothing.
    const hash = `{SSHA}${salted('sha1')}`;
    expect(await secrets.verify(hash, PASSWORD)).toBe(true);
    expect(await secrets.verify(undefined, PASSWORD)).toBe(false);
  });

  it('refuse no sooner than at four uniform answers, of whatever scheme', async () => {
    const slow = new LegacyHashes(25, hasher);
    for (const hash of [`{SSHA}${salted('sha1')}`, await bcrypt(PASSWORD, 4), undefined]) {
      const startedAt = performance.now();
      expect(await slow.verify(hash, 'wrong')).toBe(false);
      // A timer may come a millisecond early by this clock.
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(98);
    }
  });
});
