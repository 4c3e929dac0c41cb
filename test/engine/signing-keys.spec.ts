import { createLocalJWKSet, jwtVerify } from 'jose';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { Keyring } from '../../src/engine/sealing.js';
import {
  PUBLISHED_BEFORE_MS,
  SIGNED_LIFE_MAX_MS,
  SIGNING_PERIOD_MS,
  SigningKeys,
} from '../../src/engine/signing-keys.js';
import { masterKey } from '../../src/engine/secrets.js';
import type { KeyStore, WrappedKey } from '../../src/ports.js';

const master = masterKey(new Uint8Array(32).fill(2));
const newerMaster = masterKey(new Uint8Array(32).fill(3));
const turn = SIGNING_PERIOD_MS * 700;
const typ = 'ticket+jwt';

describe('the signing keys', () => {
  let store: KeyStore;
  let now: number;
  beforeEach(() => {
    store = EmbeddedKeyStore.openInMemory();
    now = turn + SIGNING_PERIOD_MS / 2;
  });
  afterEach(() => store.close());

  const instance = (keys: KeyStore = store, keyring = new Keyring(keys, master)) =>
    new SigningKeys(keyring, { now: () => now });
  const seconds = (ms: number) => Math.floor(ms / 1000);
  const signed = (by: SigningKeys) => by.sign({ sub: 'ada', exp: seconds(now) + 60 }, { typ });
  const verified = async (token: string, by: SigningKeys) =>
    jwtVerify(token, createLocalJWKSet({ keys: [...(await by.published())] }), {
      currentDate: new Date(now),
      typ,
    });
  const kids = async (by: SigningKeys) => (await by.published()).map(({ kid }) => kid);

  it('sign from the first moment of a new installation, and what they sign verifies', async () => {
    const keys = instance();
    const { payload, protectedHeader } = await verified(await signed(keys), keys);
    expect(payload.sub).toBe('ada');
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ, kid: (await kids(keys))[0] });
  });

  it('are the same at every instance, whichever asks first, and after a restart', async () => {
    const [here, there] = [instance(), instance()];
    const tokens = await Promise.all([signed(here), signed(there), signed(here)]);
    for (const token of tokens) await verified(token, instance());
    expect(await kids(here)).toEqual(await kids(there));
  });

  it('agree where several made one in the same moment', async () => {
    const { find } = store;
    // Nobody sees what another one is just writing.
    store.find = async () => new Map<string, WrappedKey>();
    const made = await Promise.all(Array.from({ length: 8 }, () => kids(instance())));
    store.find = find;
    expect(new Set(made.flat()).size).toBe(1);
  });

  it('are published an hour before they sign', async () => {
    const nextTurn = turn + SIGNING_PERIOD_MS;
    const keys = instance();
    now = nextTurn - PUBLISHED_BEFORE_MS - 1;
    expect(await kids(keys)).toHaveLength(1);
    now = nextTurn - PUBLISHED_BEFORE_MS;
    const [current, next] = await kids(keys);
    now = nextTurn - 1;
    expect((await verified(await signed(keys), keys)).protectedHeader.kid).toBe(current);
    now = nextTurn;
    expect((await verified(await signed(keys), keys)).protectedHeader.kid).toBe(next);
  });

  it('stay published until nothing that they signed is alive', async () => {
    const nextTurn = turn + SIGNING_PERIOD_MS;
    now = nextTurn - 1;
    const exp = Math.floor((now + SIGNED_LIFE_MAX_MS) / 1000);
    const token = await instance().sign({ exp }, { typ });
    const [former] = await kids(instance());
    now = exp * 1000 - 1;
    // Also by an instance that did not make it.
    await verified(token, instance());
    now = nextTurn + SIGNED_LIFE_MAX_MS;
    expect(await kids(instance())).not.toContain(former);
  });

  it('sign nothing that would outlive them', async () => {
    const keys = instance();
    await expect(keys.sign({ sub: 'ada' }, { typ })).rejects.toThrow(RangeError);
    const exp = seconds(now + SIGNED_LIFE_MAX_MS) + 1;
    await expect(keys.sign({ exp }, { typ })).rejects.toThrow(RangeError);
  });

  it('publish nothing that is secret', async () => {
    const [key] = await instance().published();
    expect(Object.keys(key!).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  });

  it('stay the same while a newer master key takes over', async () => {
    const before = await kids(instance());
    const [held] = await store.list(null, 10);
    const rewrapping = new Keyring(store, newerMaster, [master]);
    await rewrapping.openingKeys([held!.person]);
    expect(await kids(instance(store, rewrapping))).toEqual(before);
  });

  it('have names that no person has', async () => {
    await kids(instance());
    expect((await store.list(null, 10)).map(({ person }) => person)).toEqual(['signing-key 700']);
  });
});
