import { randomUUID } from 'node:crypto';
import type { Collection } from 'mongodb';

import { type LeaseMark, Leases, StoreUnavailable } from '../../ports.js';
import { isName, NAME_CHARS_MAX } from '../stored-text.js';
import { isDuplicate, type MongoConnection } from './connection.js';

type StoredLease = LeaseMark & { readonly _id: string };

const ATTEMPTS_MAX = 5;

/** Leases in MongoDB, a document each. */
export class MongoLeases extends Leases {
  private readonly leases: Collection<StoredLease>;

  constructor(private readonly connection: MongoConnection) {
    super();
    this.leases = connection.database.collection('leases');
  }

  override async take(name: string, holder: string, staleBeat: string | null): Promise<LeaseMark> {
    [name, holder, staleBeat ?? holder].forEach(checkText);
    return this.connection.attempt(async () => {
      const taken = { holder, beat: randomUUID() };
      for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
        if (await this.takeOver(name, taken, staleBeat)) return taken;
        if (await this.takeFirst(name, taken)) return taken;
        const standing = await this.leases.findOne({ _id: name });
        // Given back in between: nobody has it.
        if (standing) return { holder: standing.holder, beat: standing.beat };
      }
      throw new StoreUnavailable(`the lease ${name} keeps being given back and taken`);
    });
  }

  override async release(name: string, holder: string): Promise<void> {
    [name, holder].forEach(checkText);
    await this.connection.attempt(() => this.leases.deleteOne({ _id: name, holder }));
  }

  private async takeOver(name: string, taken: LeaseMark, staleBeat: string | null): Promise<boolean> {
    const { holder } = taken;
    const mayBeTaken = staleBeat === null ? { holder } : { $or: [{ holder }, { beat: staleBeat }] };
    const { matchedCount } = await this.leases.updateOne({ _id: name, ...mayBeTaken }, { $set: taken });
    return matchedCount === 1;
  }

  private async takeFirst(name: string, taken: LeaseMark): Promise<boolean> {
    try {
      await this.leases.insertOne({ _id: name, ...taken });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }
}

function checkText(text: string): void {
  if (!isName(text)) throw new TypeError(`a lease is named by text of 1 to ${NAME_CHARS_MAX} characters`);
}
