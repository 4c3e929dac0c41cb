import { type KeyStore, type WrappedKey } from '../ports.js';

const PAGE = 1_000;
const IN_FLIGHT = 32;

/** The target holds keys that the source does not have, or other ones. */
export class OtherKeys extends Error {
  override readonly name = 'OtherKeys';
}

/** Throws `OtherKeys` unless every key and every erasure of the target is the source's. */
export async function expectNoOtherKeys(source: KeyStore, target: KeyStore): Promise<void> {
  const erased = new Set<string>();
  for await (const page of erasures(source)) for (const person of page) erased.add(person);
  for await (const page of erasures(target)) {
    const other = page.find((person) => !erased.has(person));
    if (other !== undefined) throw new OtherKeys(`${other} is erased in the target, and not in the source`);
  }
  for await (const page of keys(target)) {
    const here = await source.find(page.map(({ person }) => person));
    const other = page.find((key) => !erased.has(key.person) && !isSame(here.get(key.person), key));
    if (other) throw new OtherKeys(`the target has another key of ${other.person} than the source`);
  }
}

/** Erases first, so that no erased person's key arrives; then copies the keys, durably, as they are wrapped. Again is no error. */
export async function copyKeys(
  source: KeyStore,
  target: KeyStore,
): Promise<{ keys: number; erased: number }> {
  let [erased, copied] = [0, 0];
  for await (const page of erasures(source)) {
    await eachOf(page, (person) => target.destroy(person));
    erased += page.length;
  }
  for await (const page of keys(source)) {
    const there = await target.find(page.map(({ person }) => person));
    await eachOf(page, (key) => copyKey(target, key, there.get(key.person)));
    copied += page.length;
  }
  return { keys: copied, erased };
}

async function copyKey(target: KeyStore, key: WrappedKey, there: WrappedKey | undefined): Promise<void> {
  if (isSame(there ?? (await target.putIfAbsent(key)), key)) return;
  throw new OtherKeys(`the target has another key of ${key.person} than the source, or none for ever`);
}

const isSame = (one: WrappedKey | null | undefined, other: WrappedKey): boolean =>
  one?.masterKeyId === other.masterKeyId && Buffer.from(one.wrapped).equals(other.wrapped);

async function* keys(store: KeyStore): AsyncGenerator<WrappedKey[]> {
  for (let page = await store.list(null, PAGE); page.length > 0;) {
    yield page;
    page = await store.list(page.at(-1)!.person, PAGE);
  }
}

async function* erasures(store: KeyStore): AsyncGenerator<string[]> {
  for (let page = await store.erased(null, PAGE); page.length > 0;) {
    yield page;
    page = await store.erased(page.at(-1)!, PAGE);
  }
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  for (let first = 0; first < items.length; first += IN_FLIGHT) {
    await Promise.all(items.slice(first, first + IN_FLIGHT).map(work));
  }
}
