import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { BlobStore, StoreUnavailable } from '../../ports.js';
import { checkName, nameOf } from '../blob-arguments.js';
import { makePrivateDirectory } from './private-files.js';

/** A file that has been on its way for so long was left by a crash. */
const ABANDONED_MS = 60 * 60 * 1_000;

interface Blobs {
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** null when there is none. */
  read(name: string): Promise<Uint8Array | null>;
  remove(name: string): Promise<void>;
}

/** Blobs in `<dataDir>/blobs`, a file each. */
export class EmbeddedBlobStore extends BlobStore {
  private closed = false;

  private constructor(private readonly blobs: Blobs) {
    super();
  }

  static async open({ dataDir }: { dataDir: string }): Promise<EmbeddedBlobStore> {
    const directory = join(dataDir, 'blobs');
    try {
      return new EmbeddedBlobStore(await BlobFiles.open(directory));
    } catch (error) {
      throw new StoreUnavailable(`${directory} cannot be used: ${String(error)}`, { cause: error });
    }
  }

  /** Blobs that end with the process, for tests. */
  static openInMemory(): EmbeddedBlobStore {
    const held = new Map<string, Uint8Array>();
    return new EmbeddedBlobStore({
      write: async (name, bytes) => void held.set(name, new Uint8Array(bytes)),
      read: async (name) => held.get(name)?.slice() ?? null,
      remove: async (name) => void held.delete(name),
    });
  }

  override async put(bytes: Uint8Array): Promise<string> {
    const name = await nameOf(bytes);
    return this.attempt(async () => {
      await this.blobs.write(name, bytes);
      return name;
    });
  }

  override async get(name: string): Promise<Uint8Array | null> {
    checkName(name);
    return this.attempt(() => this.blobs.read(name));
  }

  override async delete(name: string): Promise<void> {
    checkName(name);
    return this.attempt(() => this.blobs.remove(name));
  }

  override async close(): Promise<void> {
    this.closed = true;
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    if (this.closed) throw new StoreUnavailable('the blobs are closed');
    try {
      return await work();
    } catch (error) {
      throw new StoreUnavailable(`the blobs failed: ${String(error)}`, { cause: error });
    }
  }
}

class BlobFiles implements Blobs {
  private constructor(
    private readonly directory: string,
    private readonly incoming: string,
  ) {}

  static async open(directory: string): Promise<BlobFiles> {
    const incoming = join(directory, 'incoming');
    makePrivateDirectory(incoming);
    makePrivateDirectory(directory);
    for (const file of await readdir(incoming)) {
      const { mtimeMs } = await stat(join(incoming, file));
      if (mtimeMs < Date.now() - ABANDONED_MS) await rm(join(incoming, file), { force: true });
    }
    return new BlobFiles(directory, incoming);
  }

  /** The file appears whole or not at all. One of the same name is replaced: it holds the same bytes. */
  async write(name: string, bytes: Uint8Array): Promise<void> {
    const arriving = join(this.incoming, randomUUID());
    try {
      const file = await open(arriving, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await mkdir(this.folderOf(name), { recursive: true, mode: 0o700 });
      await rename(arriving, this.fileOf(name));
    } catch (error) {
      await rm(arriving, { force: true });
      throw error;
    }
    // The folder too, even when it was there: whoever has made it may not have come to this yet.
    await sync(this.folderOf(name));
    await sync(this.directory);
  }

  async read(name: string): Promise<Uint8Array | null> {
    try {
      return await readFile(this.fileOf(name));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    try {
      await rm(this.fileOf(name));
      await sync(this.folderOf(name));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  private folderOf(name: string): string {
    return join(this.directory, name.slice(0, 2));
  }

  private fileOf(name: string): string {
    return join(this.folderOf(name), name);
  }
}

async function sync(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
