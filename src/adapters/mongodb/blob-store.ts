import { buffer } from 'node:stream/consumers';
import { type Collection, GridFSBucket, ObjectId } from 'mongodb';

import { BlobStore, StoreUnavailable } from '../../ports.js';
import { checkName, nameOf } from '../blob-arguments.js';
import type { MongoConnection } from './connection.js';

/** A file whose chunks are being written or removed. */
interface Change {
  readonly _id: ObjectId;
}

/** What has been on its way for so long was left by a crash. */
const ABANDONED_MS = 60 * 60 * 1_000;

/** Blobs in GridFS. A file has an id of its own and the blob's name; its chunks count for nothing until the file is there, which is after the
 *  last of them. Two that are put at once make two files of the same bytes. */
export class MongoBlobStore extends BlobStore {
  private readonly bucket: GridFSBucket;
  /** Tells which chunks to remove after a crash. */
  private readonly changes: Collection<Change>;
  private closed = false;

  private constructor(private readonly connection: MongoConnection) {
    super();
    const { database } = connection;
    this.bucket = new GridFSBucket(database, {
      bucketName: 'blobs',
      ...(database.writeConcern && { writeConcern: database.writeConcern }),
    });
    this.changes = database.collection('blobs.changes');
  }

  /** Throws `StoreUnavailable`. */
  static async open(connection: MongoConnection): Promise<MongoBlobStore> {
    const store = new MongoBlobStore(connection);
    await store.attempt(() => store.sweep());
    return store;
  }

  override async put(bytes: Uint8Array): Promise<string> {
    const name = await nameOf(bytes);
    return this.attempt(async () => {
      if ((await this.files(name)).length === 0) await this.upload(name, bytes);
      return name;
    });
  }

  override async get(name: string): Promise<Uint8Array | null> {
    checkName(name);
    return this.attempt(async () => {
      const [file] = await this.files(name);
      return file ? buffer(this.bucket.openDownloadStream(file)) : null;
    });
  }

  override async delete(name: string): Promise<void> {
    checkName(name);
    await this.attempt(async () => {
      for (const file of await this.files(name)) await this.remove(file);
    });
  }

  override async close(): Promise<void> {
    this.closed = true;
  }

  private async files(name: string): Promise<ObjectId[]> {
    const found = await this.bucket.find({ filename: name }, { projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => _id);
  }

  private async upload(name: string, bytes: Uint8Array): Promise<void> {
    const id = new ObjectId();
    await this.changes.insertOne({ _id: id });
    const upload = this.bucket.openUploadStreamWithId(id, name);
    await new Promise<void>((resolve, reject) => {
      upload.once('error', reject).once('finish', resolve);
      upload.end(bytes);
    });
    await this.changes.deleteOne({ _id: id });
  }

  private async remove(file: ObjectId): Promise<void> {
    await this.changes.replaceOne({ _id: file }, {}, { upsert: true });
    await this.bucket.delete(file);
    await this.changes.deleteOne({ _id: file });
  }

  private async sweep(): Promise<void> {
    for (const { _id } of await this.changes.find().toArray()) {
      if (_id.getTimestamp().getTime() > Date.now() - ABANDONED_MS) continue;
      const [whole] = await this.bucket.find({ _id }).toArray();
      if (!whole) await this.connection.database.collection('blobs.chunks').deleteMany({ files_id: _id });
      await this.changes.deleteOne({ _id });
    }
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    if (this.closed) throw new StoreUnavailable('the blobs are closed');
    return this.connection.attempt(work);
  }
}
