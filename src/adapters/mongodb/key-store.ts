import { Binary, type Collection, type Filter, ReadConcern } from 'mongodb';

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
    const { person, masterKeyId, wrapped } = checkedWrapping(key);
    return this.attempt(async (keys) => {
      try {
        await keys.insertOne({ _id: person, erased: false, masterKeyId, wrapped: new Binary(wrapped) });
        return key;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
      const standing = await keys.findOne({ _id: person });
      // The server refuses a second insertion only after a majority has the first.
      if (!standing) throw new StoreUnavailable('MongoDB has a key that it does not show');
      return keyOf(standing);
    });
  }

  override async find(persons: readonly string[]): Promise<Map<string, WrappedKey>> {
    checkedCount(persons.length);
    persons.forEach(checkedPerson);
    return this.attempt(async (keys) => {
      const found = await keys.find({ _id: { $in: [...persons] } }).toArray();
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

const keyOf = (stored: StoredKey): WrappedKey | null =>
  stored.erased
    ? null
    : {
        person: stored._id,
        masterKeyId: stored.masterKeyId,
        wrapped: new Uint8Array(stored.wrapped.value()),
      };
