import { Argon2Hasher } from '../../src/adapters/argon2-hasher.js';
import { HasherBusy } from '../../src/ports.js';

const cheap = { memoryKiB: 8, passes: 1 };
const pepper = Buffer.from('pepper');
const hasher = new Argon2Hasher(cheap, pepper);

describe('the hasher', () => {
  it('tells right from wrong, and salts each hash', async () => {
    const hashed = await hasher.hash('Sturdy-Harbor-42');
    expect(hashed).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$/);
    expect(await hasher.hash('Sturdy-Harbor-42')).not.toBe(hashed);
    expect(await hasher.verify(hashed, 'Sturdy-Harbor-42')).toBe(true);
    expect(await hasher.verify(hashed, 'Sturdy-Harbor-43')).toBe(false);
  });

  it('cannot verify without the pepper', async () => {
    const hashed = await hasher.hash('Sturdy-Harbor-42');
    expect(await new Argon2Hasher(cheap, Buffer.from('other')).verify(hashed, 'Sturdy-Harbor-42')).toBe(
      false,
    );
  });

  it.each([
    '',
    'plain',
    '$argon2id$',
    '$2b$10$abcdefghijklmnopqrstuv',
    '$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA',
  ])('finds nothing right in a hash that it cannot read: %s', async (hashed) => {
    expect(await hasher.verify(hashed, 'Sturdy-Harbor-42')).toBe(false);
  });

  it('finds no password right for nobody, not even the one that the decoy is made of', async () => {
    expect(await hasher.verifyDecoy('nobody has this password')).toBe(false);
  });

  it('knows hashes of other parameters than today’s', async () => {
    const hashed = await hasher.hash('x');
    expect(hasher.isOutdated(hashed)).toBe(false);
    expect(new Argon2Hasher({ memoryKiB: 16, passes: 1 }, pepper).isOutdated(hashed)).toBe(true);
    expect(new Argon2Hasher({ memoryKiB: 8, passes: 2 }, pepper).isOutdated(hashed)).toBe(true);
  });

  it('lets so many wait and turns the others away, decoys like any other, then goes on', async () => {
    const small = new Argon2Hasher({ memoryKiB: 1_024, passes: 1 }, pepper, 1, 2);
    const hashed = await small.hash('x');
    const outcomes = await Promise.allSettled([
      small.verify(hashed, 'x'),
      small.verify(hashed, 'y'),
      small.hash('z'),
      small.verify(hashed, 'x'),
      small.verifyDecoy('x'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    for (const outcome of outcomes.slice(3))
      expect(outcome).toMatchObject({ reason: expect.any(HasherBusy) });
    expect(await small.verify(hashed, 'x')).toBe(true);
  });

  it('goes on after a hash that failed', async () => {
    const broken = new Argon2Hasher({ memoryKiB: 8, passes: 0 }, pepper, 1, 10);
    await expect(broken.hash('x')).rejects.toThrow();
    await expect(broken.hash('x')).rejects.not.toThrow(HasherBusy);
    await expect(broken.verifyDecoy('x')).rejects.toThrow();
  });
});
