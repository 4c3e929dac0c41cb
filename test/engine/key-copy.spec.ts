import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { copyKeys, expectNoOtherKeys, OtherKeys } from '../../src/engine/key-copy.js';
import type { KeyStore, WrappedKey } from '../../src/ports.js';

const key = (person: string, byte = 1): WrappedKey => ({
  person,
  masterKeyId: 'master-1',
  wrapped: new Uint8Array(60).fill(byte),
});

describe('copying keys', () => {
  let source: KeyStore;
  let target: KeyStore;

  beforeEach(async () => {
    source = EmbeddedKeyStore.openInMemory();
    target = EmbeddedKeyStore.openInMemory();
    for (const person of ['ada', 'ben', 'eve']) await source.putIfAbsent(key(person));
    await source.destroy('eve');
  });
  afterEach(async () => {
    await source.close();
    await target.close();
  });

  it('takes them as they are wrapped, and those erased stay erased', async () => {
    expect(await copyKeys(source, target)).toEqual({ keys: 2, erased: 1 });
    expect(await target.list(null, 10)).toEqual(await source.list(null, 10));
    expect(await target.putIfAbsent(key('eve'))).toBeNull();
  });

  it('takes more than a page of them', async () => {
    for (let number = 0; number < 1_001; number++) await source.putIfAbsent(key(`person-${number}`));
    expect(await copyKeys(source, target)).toEqual({ keys: 1_003, erased: 1 });
    expect((await target.list('person-998', 10)).map(({ person }) => person)).toEqual(['person-999']);
  });

  it('goes on where it was stopped, and erases who was erased since', async () => {
    await copyKeys(source, target);
    await source.destroy('ben');
    await source.putIfAbsent(key('cat'));
    await expectNoOtherKeys(source, target);
    expect(await copyKeys(source, target)).toEqual({ keys: 2, erased: 2 });
    expect(await target.list(null, 10)).toEqual(await source.list(null, 10));
  });

  it.each([
    ['a key of somebody else', (store: KeyStore) => store.putIfAbsent(key('zoe'))],
    ['another key of the same person', (store: KeyStore) => store.putIfAbsent(key('ada', 2))],
    ['an erasure that the source has not', (store: KeyStore) => store.destroy('ada')],
  ])('refuses a target that holds %s', async (_, fill) => {
    await fill(target);
    await expect(expectNoOtherKeys(source, target)).rejects.toThrow(OtherKeys);
  });

  it.each([
    ['another key', (store: KeyStore) => store.putIfAbsent(key('ada', 2))],
    ['an erasure', (store: KeyStore) => store.destroy('ada')],
  ])('stops at %s that came into the target meanwhile', async (_, fill) => {
    await fill(target);
    await expect(copyKeys(source, target)).rejects.toThrow(OtherKeys);
  });
});
