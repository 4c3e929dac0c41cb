import { randomBytes } from 'node:crypto';

import { type KeyStore, StoreUnavailable, type WrappedKey } from '../../src/ports.js';

/** Sorts behind every person of these tests. */
const AFTER_ALL = '~';

export function keyStoreContract(
  name: string,
  open: () => Promise<{ store: KeyStore; close(): Promise<void> }>,
): void {
  describe(`${name} keeps the contract of KeyStore`, () => {
    let store: KeyStore;
    let close: () => Promise<void>;
    /** Persons of one test, ordered by name, apart from those of others in the same store. */
    let persons: string[];

    beforeAll(async () => {
      ({ store, close } = await open());
    });
    beforeEach(() => {
      const test = randomBytes(4).toString('hex');
      persons = Array.from({ length: 2_001 }, (_, n) => `${test}-${String(n).padStart(4, '0')}`);
    });
    afterAll(() => close());

    const keyFor = (person: string, masterKeyId = 'm1'): WrappedKey => ({
      person,
      masterKeyId,
      wrapped: randomBytes(60),
    });
    /** Comparable, whatever kind of byte array a store gives. */
    const plain = (key: WrappedKey | null | undefined) =>
      key && { ...key, wrapped: Buffer.from(key.wrapped).toString('hex') };
    const held = async (person: string) => plain((await store.find([person])).get(person));
    const mine = (found: readonly string[]) => found.filter((person) => persons.includes(person));
    /** The pages of a listing that hold the test's persons: others may have left thousands after them. */
    const pagesOf = async <T>(page: (after: string) => Promise<T[]>, nameOf: (item: T) => string) => {
      const items: T[] = [];
      for (let after = persons[0]!.slice(0, 9); ; after = nameOf(items.at(-1)!)) {
        const next = await page(after);
        items.push(...next);
        if (next.length === 0 || nameOf(next.at(-1)!) > persons.at(-1)!) return items;
      }
    };

    describe('storing', () => {
      it('keeps a key and returns it', async () => {
        const key = keyFor(persons[0]!);
        expect(plain(await store.putIfAbsent(key))).toEqual(plain(key));
        expect(await held(persons[0]!)).toEqual(plain(key));
      });

      it('keeps the first key, and returns it to the second', async () => {
        const first = keyFor(persons[0]!);
        await store.putIfAbsent(first);
        expect(plain(await store.putIfAbsent(keyFor(persons[0]!, 'm2')))).toEqual(plain(first));
        expect(await held(persons[0]!)).toEqual(plain(first));
      });

      it('lets one of 64 win at once, and tells all the same key', async () => {
        const keys = persons
          .slice(0, 1)
          .flatMap((person) => Array.from({ length: 64 }, () => keyFor(person)));
        const holding = await Promise.all(keys.map((key) => store.putIfAbsent(key)));
        const told = new Set(holding.map((key) => JSON.stringify(plain(key))));
        expect(told.size).toBe(1);
        expect(keys.map((key) => JSON.stringify(plain(key)))).toContain([...told][0]);
        expect(told).toContain(JSON.stringify(await held(persons[0]!)));
      });

      it('keeps 1,000 keys that come at once', async () => {
        const keys = persons.slice(0, 1_000).map((person) => keyFor(person));
        const holding = await Promise.all(keys.map((key) => store.putIfAbsent(key)));
        expect(holding.map(plain)).toEqual(keys.map(plain));
        const found = await store.find(keys.map(({ person }) => person));
        expect(keys.map(({ person }) => plain(found.get(person)))).toEqual(keys.map(plain));
      });

      it('keeps many at once, and tells which hold, in their order', async () => {
        const [there, erased, one, other] = persons as [string, string, string, string];
        const first = keyFor(there);
        await store.putIfAbsent(first);
        await store.destroy(erased);
        const many = [keyFor(one), keyFor(erased), keyFor(there, 'm2'), keyFor(other), keyFor(one, 'm2')];
        const kept = await store.putAllIfAbsent(many);
        const wanted = [many[0], null, first, many[3], many[0]];
        expect(kept.map(plain)).toEqual(wanted.map(plain));
        expect(await held(one)).toEqual(plain(many[0]));
        expect(await held(there)).toEqual(plain(first));
        expect(await held(erased)).toBeUndefined();
      });

      it('takes 1,000 at once, none too, and no more', async () => {
        const keys = persons.slice(0, 1_001).map((person) => keyFor(person));
        expect(await store.putAllIfAbsent([])).toEqual([]);
        await expect(store.putAllIfAbsent(keys)).rejects.toThrow(RangeError);
        expect(await held(persons[0]!)).toBeUndefined();
        expect((await store.putAllIfAbsent(keys.slice(1))).map(plain)).toEqual(keys.slice(1).map(plain));
        expect((await store.find(persons.slice(1, 1_001))).size).toBe(1_000);
      });

      it('keeps a key that is a part of a larger buffer', async () => {
        const key = { ...keyFor(persons[0]!), wrapped: randomBytes(100).subarray(7, 67) };
        await store.putIfAbsent(key);
        expect(await held(persons[0]!)).toEqual(plain(key));
      });
    });

    describe('finding', () => {
      it('leaves out who is unknown or erased', async () => {
        const [known, erased, unknown] = persons as [string, string, string];
        await store.putIfAbsent(keyFor(known));
        await store.putIfAbsent(keyFor(erased));
        await store.destroy(erased);
        expect([...(await store.find([unknown, erased, known, known])).keys()]).toEqual([known]);
        expect(await store.find([])).toEqual(new Map());
      });

      it('takes 1,000 persons a call, and no more', async () => {
        await store.putIfAbsent(keyFor(persons[999]!));
        expect((await store.find(persons.slice(0, 1_000))).size).toBe(1);
        await expect(store.find(persons.slice(0, 1_001))).rejects.toThrow(RangeError);
      });
    });

    describe('erasing', () => {
      it('destroys the key, once', async () => {
        await store.putIfAbsent(keyFor(persons[0]!));
        expect(await store.destroy(persons[0]!)).toBe(true);
        expect(await held(persons[0]!)).toBeUndefined();
        expect(await store.destroy(persons[0]!)).toBe(false);
      });

      it('never gives the person a key again', async () => {
        await store.putIfAbsent(keyFor(persons[0]!));
        await store.destroy(persons[0]!);
        expect(await store.putIfAbsent(keyFor(persons[0]!))).toBeNull();
        expect(await store.rewrap(keyFor(persons[0]!))).toBe(false);
        expect(await held(persons[0]!)).toBeUndefined();
      });

      it('bars a person who never had a key', async () => {
        expect(await store.destroy(persons[0]!)).toBe(false);
        expect(await store.putIfAbsent(keyFor(persons[0]!))).toBeNull();
        expect(mine(await store.erased(null, 1_000))).toContain(persons[0]);
      });

      it('wins or loses a race against storing as a whole', async () => {
        const racing = persons.slice(0, 50);
        await Promise.all(
          racing.flatMap((person) => [store.putIfAbsent(keyFor(person)), store.destroy(person)]),
        );
        expect(await store.find(racing)).toEqual(new Map());
        for (const person of racing) expect(await store.putIfAbsent(keyFor(person))).toBeNull();
      });

      it('lists the erased by name, in pages', async () => {
        const [erased, kept] = [persons.slice(0, 7), persons.slice(7, 9)];
        for (const person of [...erased].reverse()) await store.destroy(person);
        for (const person of kept) await store.putIfAbsent(keyFor(person));
        expect(mine(await pagesOf((after) => store.erased(after, 3), String))).toEqual(erased);
        expect(await store.erased(AFTER_ALL, 3)).toEqual([]);
      });
    });

    describe('re-wrapping', () => {
      it('lists keys by person, in pages, without the erased', async () => {
        const keys = persons.slice(0, 7).map((person) => keyFor(person));
        for (const key of [...keys].reverse()) await store.putIfAbsent(key);
        await store.destroy(persons[3]!);
        const listed = await pagesOf(
          (after) => store.list(after, 3),
          ({ person }) => person,
        );
        const wanted = keys.filter(({ person }) => person !== persons[3]);
        expect(listed.filter(({ person }) => persons.includes(person)).map(plain)).toEqual(wanted.map(plain));
        expect(await store.list(AFTER_ALL, 3)).toEqual([]);
      });

      it('replaces the wrapping', async () => {
        await store.putIfAbsent(keyFor(persons[0]!));
        const again = keyFor(persons[0]!, 'm2');
        expect(await store.rewrap(again)).toBe(true);
        expect(await held(persons[0]!)).toEqual(plain(again));
      });

      it('gives no key to a person who has none', async () => {
        expect(await store.rewrap(keyFor(persons[0]!))).toBe(false);
        expect(await held(persons[0]!)).toBeUndefined();
      });

      it('takes pages of at most 1,000', async () => {
        for (const limit of [-1, 1_001, 1.5, Number.NaN]) {
          await expect(store.list(null, limit)).rejects.toThrow(RangeError);
          await expect(store.erased(null, limit)).rejects.toThrow(RangeError);
        }
      });
    });

    describe('values', () => {
      it('keeps persons apart that look alike', async () => {
        const stem = persons[0]!;
        const alike = [
          'é',
          'e\u0301',
          'ı',
          'i',
          'I',
          '__proto__',
          '{"$gt":""}',
          "' OR 1=1 --",
          '%',
          '\u{1f600}',
        ];
        const keys = alike.map((tail) => keyFor(`${stem}${tail}`));
        for (const key of keys) await store.putIfAbsent(key);
        const found = await store.find(keys.map(({ person }) => person));
        expect(keys.map(({ person }) => plain(found.get(person)))).toEqual(keys.map(plain));
        expect(await held('__proto__')).toBeUndefined();
      });

      it('refuses persons and keys that are none', async () => {
        const odd = [
          { $gt: '' },
          ['a'],
          5,
          null,
          undefined,
          '',
          'nul\0',
          '\ud800',
          'x'.repeat(501),
        ] as string[];
        for (const person of odd) {
          await expect(store.find([person])).rejects.toThrow(TypeError);
          await expect(store.destroy(person)).rejects.toThrow(TypeError);
          await expect(store.putIfAbsent(keyFor(person))).rejects.toThrow(TypeError);
          await expect(store.rewrap(keyFor(person))).rejects.toThrow(TypeError);
          await expect(store.putIfAbsent({ ...keyFor(persons[0]!), masterKeyId: person })).rejects.toThrow(
            TypeError,
          );
        }
        for (const wrapped of ['text', null, new Uint8Array(), new Uint8Array(1_025)] as Uint8Array[]) {
          await expect(store.putIfAbsent({ ...keyFor(persons[0]!), wrapped })).rejects.toThrow(TypeError);
        }
        expect(await held(persons[0]!)).toBeUndefined();
      });
    });

    it('makes everything unavailable by closing', async () => {
      const { store: closed, close: closeIt } = await open();
      await closed.close();
      await closed.close();
      const calls: (() => Promise<unknown>)[] = [
        () => closed.putIfAbsent(keyFor(persons[0]!)),
        () => closed.putAllIfAbsent([keyFor(persons[0]!)]),
        () => closed.find([persons[0]!]),
        () => closed.destroy(persons[0]!),
        () => closed.erased(null, 1),
        () => closed.list(null, 1),
        () => closed.rewrap(keyFor(persons[0]!)),
      ];
      for (const call of calls) await expect(call()).rejects.toThrow(StoreUnavailable);
      await closeIt();
    });
  });
}
