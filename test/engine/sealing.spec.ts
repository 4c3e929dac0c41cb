import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { Keyring, PersonErasedError, seal, unseal } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { StoreUnavailable, type KeyStore, type WrappedKey } from '../../src/ports.js';

const key = new Uint8Array(32).fill(1);
const master = masterKey(new Uint8Array(32).fill(2));
const newerMaster = masterKey(new Uint8Array(32).fill(3));

describe('a sealed box', () => {
  const box = seal(key, 'Ada Lovelace', 'here');

  test('opens with its key, in its place', () => {
    expect(unseal(key, box, 'here').toString()).toBe('Ada Lovelace');
  });
  test('holds bytes as well as text, and nothing at all', () => {
    const bytes = Buffer.from([0, 255, 128]);
    expect(unseal(key, seal(key, bytes, 'here'), 'here').equals(bytes)).toBe(true);
    expect(unseal(key, seal(key, '', 'here'), 'here')).toHaveLength(0);
  });
  test('is another one each time', () => {
    expect(seal(key, 'Ada Lovelace', 'here').equals(box)).toBe(false);
  });
  test('does not show what it holds', () => {
    expect(box.toString('latin1')).not.toContain('Ada');
  });
  test('does not open elsewhere, or with another key', () => {
    expect(() => unseal(key, box, 'there')).toThrow('altered, moved');
    expect(() => unseal(new Uint8Array(32).fill(9), box, 'here')).toThrow('altered, moved');
  });
  test('does not open when a single bit of it was altered', () => {
    for (let byte = 0; byte < box.length; byte += 1) {
      const altered = Buffer.from(box);
      altered[byte]! ^= 1;
      expect(() => unseal(key, altered, 'here')).toThrow('altered, moved');
    }
  });
  test('does not open when it was cut or lengthened', () => {
    for (let length = 0; length < box.length; length += 1) {
      expect(() => unseal(key, box.subarray(0, length), 'here')).toThrow('altered, moved');
    }
    expect(() => unseal(key, Buffer.concat([box, Buffer.from([0])]), 'here')).toThrow('altered, moved');
  });
});

describe('the keyring', () => {
  let store: KeyStore;
  beforeEach(() => {
    store = EmbeddedKeyStore.openInMemory();
  });

  test('makes a key on first use, and keeps to it', async () => {
    const made = await new Keyring(store, master).sealingKey('ada');
    expect((await new Keyring(store, master).sealingKey('ada')).equals(made)).toBe(true);
    const [[person, opening]] = [...(await new Keyring(store, master).openingKeys(['ada']))] as [
      [string, Buffer],
    ];
    expect([person, opening.equals(made)]).toEqual(['ada', true]);
  });
  test('gives each person a key of their own', async () => {
    const keyring = new Keyring(store, master);
    expect((await keyring.sealingKey('ada')).equals(await keyring.sealingKey('bob'))).toBe(false);
  });
  test('makes one key when asked twice at once', async () => {
    const [a, b] = await Promise.all([
      new Keyring(store, master).sealingKey('ada'),
      new Keyring(store, master).sealingKey('ada'),
    ]);
    expect(a.equals(b)).toBe(true);
  });
  test('has the key stored before it gives it out', async () => {
    let stored = false;
    const slow = Object.assign(Object.create(store) as KeyStore, {
      putIfAbsent: async (wrapped: WrappedKey) => {
        const held = await store.putIfAbsent(wrapped);
        stored = true;
        return held;
      },
    });
    await new Keyring(slow, master).sealingKey('ada');
    expect(stored).toBe(true);
  });
  test('never stores a key in the clear', async () => {
    const made = await new Keyring(store, master).sealingKey('ada');
    const { wrapped } = (await store.find(['ada'])).get('ada')!;
    expect(Buffer.from(wrapped).includes(made)).toBe(false);
  });
  test('asks the store once for what it knows', async () => {
    const keyring = new Keyring(store, master);
    await keyring.sealingKey('ada');
    await store.close();
    expect(await keyring.sealingKey('ada')).toHaveLength(32);
    expect((await keyring.openingKeys(['ada'])).size).toBe(1);
    await expect(keyring.sealingKey('bob')).rejects.toThrow(StoreUnavailable);
  });
  test('leaves out persons without a key, and makes none for reading', async () => {
    const keyring = new Keyring(store, master);
    await keyring.sealingKey('ada');
    expect([...(await keyring.openingKeys(['ada', 'nobody'])).keys()]).toEqual(['ada']);
    expect(await store.list(null, 10)).toHaveLength(1);
  });
  test('opens more persons than the store gives in one call', async () => {
    const keyring = new Keyring(store, master);
    const persons = Array.from({ length: 1_001 }, (_, index) => `p-${index}`);
    for (const person of persons) await keyring.sealingKey(person);
    expect((await new Keyring(store, master).openingKeys(persons)).size).toBe(1_001);
  });
  test('opens keys wrapped by an older master key, and wraps with the current one', async () => {
    const made = await new Keyring(store, master).sealingKey('ada');
    const keyring = new Keyring(store, newerMaster, [master]);
    expect((await keyring.sealingKey('ada')).equals(made)).toBe(true);
    await keyring.sealingKey('bob');
    expect((await store.find(['bob'])).get('bob')!.masterKeyId).toBe(newerMaster.id);
  });
  test('fails loudly where the master key is missing: that is no erasure', async () => {
    await new Keyring(store, master).sealingKey('ada');
    await expect(new Keyring(store, newerMaster).openingKeys(['ada'])).rejects.toThrow('not configured');
  });
  test("does not open a key that was put in another person's place", async () => {
    await new Keyring(store, master).sealingKey('ada');
    const adas = (await store.find(['ada'])).get('ada')!;
    await store.putIfAbsent({ ...adas, person: 'eve' });
    await expect(new Keyring(store, master).openingKeys(['eve'])).rejects.toThrow('altered, moved');
  });
});

describe('erasing a person', () => {
  let store: KeyStore;
  let keyring: Keyring;
  beforeEach(async () => {
    store = EmbeddedKeyStore.openInMemory();
    keyring = new Keyring(store, master);
    await keyring.sealingKey('ada');
  });

  test('takes the key away for ever, from memory too', async () => {
    await keyring.erase('ada');
    expect(await keyring.openingKeys(['ada'])).toEqual(new Map());
    await expect(keyring.sealingKey('ada')).rejects.toThrow(PersonErasedError);
    await expect(new Keyring(store, master).sealingKey('ada')).rejects.toThrow(PersonErasedError);
  });
  test('leaves others alone', async () => {
    const bobs = await keyring.sealingKey('bob');
    await keyring.erase('ada');
    expect((await keyring.sealingKey('bob')).equals(bobs)).toBe(true);
  });
  test('that the store did not take is not done', async () => {
    const failing = Object.assign(Object.create(store) as KeyStore, {
      destroy: () => Promise.reject(new StoreUnavailable('away')),
    });
    await expect(new Keyring(failing, master).erase('ada')).rejects.toThrow(StoreUnavailable);
    expect((await keyring.openingKeys(['ada'])).size).toBe(1);
  });
  test('by another process is noticed once what is in memory is forgotten', async () => {
    await store.destroy('ada');
    expect((await keyring.openingKeys(['ada'])).size).toBe(1);
    keyring.forget();
    expect((await keyring.openingKeys(['ada'])).size).toBe(0);
  });
  test.each([
    ['erased', (ring: Keyring) => ring.erase('ada')],
    ['forgotten', async (ring: Keyring) => void (await store.destroy('ada'), ring.forget())],
  ])('does not leave a key in memory that was being read while it was %s', async (_, meanwhile) => {
    let proceed = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    const slow = Object.assign(Object.create(store) as KeyStore, {
      find: async (persons: readonly string[]) => {
        const found = await store.find(persons);
        await gate;
        return found;
      },
    });
    const ring = new Keyring(slow, master);
    const reading = [ring.openingKeys(['ada']), ring.sealingKey('ada')];
    await new Promise((resolve) => setImmediate(resolve));
    await meanwhile(ring);
    proceed();
    await Promise.all(reading);
    expect((await ring.openingKeys(['ada'])).size).toBe(0);
  });
});
