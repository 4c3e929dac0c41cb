import {
  Binary,
  type Collection,
  type Filter,
  MongoBulkWriteError,
  type OptionalUnlessRequiredId,
  ReadConcern,
} from 'mongodb';

import { KeyStore, StoreUnavailable, type WrappedKey } from '../../ports.js';
import { checkedCount, checkedPerson, checkedWrapping } from '../key-arguments.js';
import { isStorable } from '../stored-text.js';
import { isDuplicate, type MongoConnection } from './connection.js';

type StoredKey =
  | { readonly _id: string; readonly erased: false; readonly masterKeyId: string; readonly wrapped: Binary }
  | { readonly _id: string; readonly erased: true };

/** Keys in MongoDB, a document each; that of an erased person is a tombstone. What is read was written by a majority: an event sealed with
 *  a key that a new primary takes back could never be read again. */
export class MongoKeyStore extends KeyStore {
  private readonly keys: Collection<StoredKey>;
  private closed = false;

  private constructor(private readonly connection: MongoConnection) {
    super();
    this.keys = connection.database.collection('keys', { readConcern: new ReadConcern('majority') });
  }

  /** Throws `StoreUnavailable`. */
  static async open(connection: MongoConnection): Promise<MongoKeyStore> {
    const store = new MongoKeyStore(connection);
    await store.attempt((keys) => keys.createIndex({ erased: 1, _id: 1 }));
    return store;
  }

  override async putIfAbsent(key: WrappedKey): Promise<WrappedKey | null> {
    const [held] = await this.putAllIfAbsent([key]);
    return held!;
  }

  override async putAllIfAbsent(keys: readonly WrappedKey[]): Promise<(WrappedKey | null)[]> {
    checkedCount(keys.length);
    const own = keys.map(checkedWrapping).map(storedKey);
    if (own.length === 0) return [];
    return this.attempt(async (stored) => {
      const there = await refused(stored, own);
      if (there.size === 0) return [...keys];
      const persons = [...there].map((index) => own[index]!._id);
      const found = await stored.find(among(persons)).toArray();
      const standing = new Map(found.map((each) => [each._id, each]));
      return keys.map((key, index) => {
        if (!there.has(index)) return key;
        const held = standing.get(key.person);
        // The server refuses a second insertion only after a majority has the first.
        if (!held) throw new StoreUnavailable('MongoDB has a key that it does not show');
        return keyOf(held);
      });
    });
  }

  override async find(persons: readonly string[]): Promise<Map<string, WrappedKey>> {
    checkedCount(persons.length);
    persons.forEach(checkedPerson);
    return this.attempt(async (keys) => {
      const found = await keys.find(among(persons)).toArray();
      return new Map(
        found.flatMap((stored) => {
          const key = keyOf(stored);
          return key ? [[key.person, key]] : [];
        }),
      );
    });
  }

  override async destroy(person: string): Promise<boolean> {
    checkedPerson(person);
    return this.attempt(async (keys) => {
      const before = await keys.findOneAndReplace(
        { _id: person },
        { erased: true },
        { upsert: true, returnDocument: 'before' },
      );
      return before !== null && !before.erased;
    });
  }

  override async erased(after: string | null, limit: number): Promise<string[]> {
    return (await this.page(true, after, limit)).map(({ _id }) => _id);
  }

  override async list(after: string | null, limit: number): Promise<WrappedKey[]> {
    return (await this.page(false, after, limit)).flatMap((stored) => keyOf(stored) ?? []);
  }

  override async rewrap(key: WrappedKey): Promise<boolean> {
    const { person, masterKeyId, wrapped } = checkedWrapping(key);
    return this.attempt(async (keys) => {
      const { matchedCount } = await keys.updateOne(
        { _id: person, erased: false },
        { $set: { masterKeyId, wrapped: new Binary(wrapped) } },
      );
      return matchedCount === 1;
    });
  }

  override async close(): Promise<void> {
    this.closed = true;
  }

  private async page(erased: boolean, after: string | null, limit: number): Promise<StoredKey[]> {
    checkedCount(limit);
    if (after !== null && !isStorable(after)) throw new TypeError('a page begins after text');
    return this.attempt(async (keys) => {
      // To the server, no limit is one of 0.
      if (limit === 0) return [];
      const filter = { erased, _id: { $gt: after ?? '' } } as Filter<StoredKey>;
      return keys.find(filter).sort({ _id: 1 }).limit(limit).toArray();
    });
  }

  private async attempt<T>(work: (keys: Collection<StoredKey>) => Promise<T>): Promise<T> {
    if (this.closed) throw new StoreUnavailable('the keys are closed');
    return this.connection.attempt(() => work(this.keys));
  }
}

const storedKey = ({ person, masterKeyId, wrapped }: WrappedKey) => ({
  _id: person,
  erased: false as const,
  masterKeyId,
  wrapped: new Binary(wrapped),
});

/** FerretDB looks a person up, but walks through all keys for a list, even of one. */
const among = (persons: readonly string[]): Filter<StoredKey> => ({
  _id: persons.length === 1 ? persons[0]! : { $in: [...persons] },
});

/** Which of the insertions met a document; the others were made. */
async function refused(
  keys: Collection<StoredKey>,
  own: readonly OptionalUnlessRequiredId<StoredKey>[],
): Promise<ReadonlySet<number>> {
  try {
    await keys.insertMany([...own], { ordered: false });
    return new Set();
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) throw error;
    const errors = error.result.getWriteErrors();
    if (errors.length === 0 || !errors.every((each) => isDuplicate(each))) throw error;
    return new Set(errors.map(({ index }) => index));
  }
}

const keyOf = (stored: StoredKey): WrappedKey | null =>
  stored.erased
    ? null
    : {
        person: stored._id,
        masterKeyId: stored.masterKeyId,
        wrapped: new Uint8Array(stored.wrapped.value()),
      };
