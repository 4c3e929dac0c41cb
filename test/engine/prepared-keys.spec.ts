import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { Keyring, PersonErasedError } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import type { WrappedKey } from '../../src/ports.js';

const master = masterKey(new Uint8Array(32).fill(2));

describe('keys of many persons, made at once', () => {
  it('are those that seal, here and after a restart', async () => {
    const store = EmbeddedKeyStore.openInMemory();
    const before = await new Keyring(store, master).sealingKey('ada');
    const keyring = new Keyring(store, master);
    await keyring.prepareSealingKeys(['ada', 'ben', 'cleo', 'ben']);
    const keys = await Promise.all(['ada', 'ben', 'cleo'].map((person) => keyring.sealingKey(person)));
    expect(keys[0]!.equals(before)).toBe(true);
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(3);
    const restarted = new Keyring(store, master);
    expect((await restarted.sealingKey('cleo')).equals(keys[2]!)).toBe(true);
  });

  it('are asked for no more', async () => {
    const store = EmbeddedKeyStore.openInMemory();
    const keyring = new Keyring(store, master);
    await keyring.prepareSealingKeys(['ada', 'ben']);
    await store.close();
    await expect(keyring.sealingKey('ben')).resolves.toHaveLength(32);
  });

  it('leave erased persons out', async () => {
    const keyring = new Keyring(EmbeddedKeyStore.openInMemory(), master);
    await keyring.prepareSealingKeys(['ada', 'ben']);
    await keyring.erase('ada');
    await keyring.prepareSealingKeys(['ada', 'ben']);
    await expect(keyring.sealingKey('ada')).rejects.toThrow(PersonErasedError);
    await expect(keyring.sealingKey('ben')).resolves.toHaveLength(32);
  });

  it('are the ones that somebody else made a moment before', async () => {
    const store = EmbeddedKeyStore.openInMemory();
    const other = await new Keyring(store, master).sealingKey('ada');
    const { find } = store;
    // The other one had not got so far when this one looked.
    store.find = async () => new Map<string, WrappedKey>();
    const keyring = new Keyring(store, master);
    await keyring.prepareSealingKeys(['ada']);
    store.find = find;
    expect((await keyring.sealingKey('ada')).equals(other)).toBe(true);
  });
});
