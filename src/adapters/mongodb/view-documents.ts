import { type AnyBulkWriteOperation, type Collection, type Db, MongoBulkWriteError } from 'mongodb';

import type { ParkedStream, Position, ViewDocument, ViewPage, ViewWrite } from '../../ports.js';
import { type CheckedRange, cursorAfter } from '../view-range.js';
import { isDuplicate } from './connection.js';
import { documentOf, pathOf, storedDocument, type StoredDocument, valuesOf } from './stored-document.js';
import { pageFilter, pageOrder } from './view-filter.js';

type StoredParked = Omit<ParkedStream, 'stream'> & { readonly _id: string };

/** A command is then some megabytes, and answered well within its time. */
const CHUNK = 1_000;
const KEYS_CHUNK = 2_000;

/** The documents of one view, or of a copy, in a collection of their own. Arguments are checked by the caller. */
export class ViewDocuments {
  private readonly documents: Collection<StoredDocument>;
  private readonly parkedStreams: Collection<StoredParked>;

  constructor(
    database: Db,
    collection: string,
    private readonly fields: readonly string[],
  ) {
    this.documents = database.collection(collection);
    this.parkedStreams = database.collection(`${collection}.parked`);
  }

  /** Makes the collection, and what indexes are missing. */
  async make(): Promise<void> {
    await this.documents.createIndex({ deleted: 1 }, { sparse: true });
    for (const field of this.fields) await this.documents.createIndex({ [pathOf(field)]: 1, _id: 1 });
  }

  /** Returns the keys of documents that are not at `readAt`. */
  async save(writes: readonly ViewWrite[]): Promise<string[]> {
    const movedOn: string[] = [];
    for (const chunk of chunks(writes, CHUNK)) movedOn.push(...(await this.saveChunk(chunk)));
    return movedOn;
  }

  async load(keys: readonly string[]): Promise<Map<string, ViewDocument>> {
    const loaded = new Map<string, ViewDocument>();
    for (const chunk of chunks(inOrder(keys), KEYS_CHUNK)) {
      // The bounds say nothing more, but spare servers that compare every document with a list of keys.
      const _id = { $gte: chunk[0]!, $lte: chunk.at(-1)!, $in: chunk };
      const found = this.documents.find({ _id }, { projection: { position: 1, body: 1 } });
      for await (const stored of found) loaded.set(stored._id, documentOf(stored));
    }
    return loaded;
  }

  async get(key: string): Promise<ViewDocument | null> {
    const stored = await this.documents.findOne({ _id: key });
    return stored && documentOf(stored);
  }

  async range(range: CheckedRange): Promise<ViewPage> {
    const found = await this.documents
      .find(pageFilter(range), { projection: { body: 1 } })
      .sort(pageOrder(range))
      .limit(range.limit + 1)
      .toArray();
    const items = found
      .slice(0, range.limit)
      .map(({ _id, body }) => ({ key: _id, body: JSON.parse(body!) as object }));
    const last = items.at(-1);
    return { items, next: found.length > range.limit ? cursorAfter(range, last!.key, last!.body) : null };
  }

  async purgeDeleted(upTo: Position): Promise<void> {
    await this.documents.deleteMany({ deleted: { $lte: upTo } });
  }

  async park({ stream, ...rest }: ParkedStream): Promise<void> {
    await this.parkedStreams.replaceOne({ _id: stream }, rest, { upsert: true });
  }

  async parked(): Promise<ParkedStream[]> {
    const found = await this.parkedStreams.find().sort({ _id: 1 }).toArray();
    return found.map(({ _id, ...rest }) => ({ stream: _id, ...rest }));
  }

  async unpark(stream: string): Promise<void> {
    await this.parkedStreams.deleteOne({ _id: stream });
  }

  async drop(): Promise<void> {
    await this.documents.drop();
    await this.parkedStreams.drop();
  }

  /** Has documents that were written before be found by these fields, too. */
  async fillIn(fields: readonly string[]): Promise<void> {
    let page: AnyBulkWriteOperation<StoredDocument>[] = [];
    const found = this.documents.find({ body: { $ne: null } }, { projection: { position: 1, body: 1 } });
    const write = async () => {
      if (page.length > 0) await this.documents.bulkWrite(page, { ordered: false });
      page = [];
    };
    for await (const { _id, position, body } of found) {
      const values = valuesOf(JSON.parse(body!) as object, fields);
      const $set = Object.fromEntries(Object.entries(values).map(([field, value]) => [pathOf(field), value]));
      // Whoever has written it since then knows the fields.
      if (Object.keys($set).length > 0)
        page.push({ updateOne: { filter: { _id, position }, update: { $set } } });
      if (page.length === CHUNK) await write();
    }
    await write();
  }

  private async saveChunk(writes: readonly ViewWrite[]): Promise<string[]> {
    const made = writes.filter(({ readAt }) => readAt === null);
    const changed = writes.filter(({ readAt }) => readAt !== null);
    const operations = [...made, ...changed].map((write) => this.operationOf(write));
    const { there, matched } = await written(this.documents, operations);
    const movedOn = there.map((index) => made[index]!.key);
    return matched === changed.length ? movedOn : [...movedOn, ...(await this.elsewhere(changed))];
  }

  /** The server tells how many documents were as they had been read, but not which. One that is at the position to be written reflects
   *  the same events, whoever wrote it. */
  private async elsewhere(changed: readonly ViewWrite[]): Promise<string[]> {
    const found = this.documents.find(
      { _id: { $in: changed.map(({ key }) => key) } },
      { projection: { position: 1 } },
    );
    const standing = new Map((await found.toArray()).map(({ _id, position }) => [_id, position]));
    return changed.filter(({ key, position }) => standing.get(key) !== position).map(({ key }) => key);
  }

  private operationOf(write: ViewWrite): AnyBulkWriteOperation<StoredDocument> {
    const document = storedDocument(write, this.fields);
    if (write.readAt === null) return { insertOne: { document } };
    return { replaceOne: { filter: { _id: write.key, position: write.readAt }, replacement: document } };
  }
}

/** Which insertions met a document, and how many replacements did. */
async function written(
  documents: Collection<StoredDocument>,
  operations: AnyBulkWriteOperation<StoredDocument>[],
): Promise<{ there: number[]; matched: number }> {
  try {
    const { matchedCount } = await documents.bulkWrite(operations, { ordered: false });
    return { there: [], matched: matchedCount };
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) throw error;
    const refused = error.result.getWriteErrors();
    if (refused.length === 0 || !refused.every((each) => isDuplicate(each))) throw error;
    return { there: refused.map(({ index }) => index), matched: error.result.matchedCount };
  }
}

/** As the server orders text. */
const inOrder = (keys: readonly string[]): string[] =>
  keys
    .map((key) => Buffer.from(key))
    .sort(Buffer.compare)
    .map(String);

function* chunks<T>(items: readonly T[], size: number): Iterable<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
