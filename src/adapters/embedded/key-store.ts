import { KeyStore, StoreUnavailable, type WrappedKey } from '../../ports.js';
import { checkedCount, checkedPerson, checkedWrapping } from '../key-arguments.js';
import { keyFile, openKeysForReading } from './key-connection.js';
import { type KeyChange, KeyDatabase, type KeyOutcome } from './key-database.js';
import { KeyReader } from './key-reader.js';
import { KeyThread } from './key-thread.js';

export interface EmbeddedKeyStoreOptions {
  readonly dataDir: string;
  /** The built key-writer.js. */
  readonly writerUrl?: URL;
  /** Changes that the disk has not answered for so long are `StoreUnavailable`. */
  readonly deadlineMs?: number;
}

/** The keys in one SQLite file of DATA_DIR. Changes go through a thread of their own, where those that come during one commit
 *  share the next; reads do not. */
export class EmbeddedKeyStore extends KeyStore {
  private closed = false;

  private constructor(
    private readonly reader: KeyReader,
    private readonly writer: Writer | null,
  ) {
    super();
  }

  static async open(options: EmbeddedKeyStoreOptions): Promise<EmbeddedKeyStore> {
    const { dataDir, writerUrl = new URL('./key-writer.js', import.meta.url), deadlineMs = 10_000 } = options;
    const file = keyFile(dataDir);
    let writer: KeyThread | null = null;
    try {
      writer = await KeyThread.start({ file, writerUrl, deadlineMs });
      return new EmbeddedKeyStore(new KeyReader(openKeysForReading(file)), writer);
    } catch (error) {
      await writer?.close();
      throw new StoreUnavailable(`${file} cannot be used: ${String(error)}`, { cause: error });
    }
  }

  /** For reading beside the service or its main thread. Throws `StoreUnavailable` when there are no keys. */
  static openReadOnly(dataDir: string): EmbeddedKeyStore {
    const file = keyFile(dataDir);
    try {
      return new EmbeddedKeyStore(new KeyReader(openKeysForReading(file)), null);
    } catch (error) {
      throw new StoreUnavailable(`${file} cannot be read: ${String(error)}`, { cause: error });
    }
  }

  /** Keys that end with the process, for tests. */
  static openInMemory(): EmbeddedKeyStore {
    const keys = new KeyDatabase(':memory:');
    const writer: Writer = {
      change: async (changes) => keys.commit(changes),
      close: async () => undefined,
    };
    return new EmbeddedKeyStore(new KeyReader(keys.connection), writer);
  }

  override async putIfAbsent(key: WrappedKey): Promise<WrappedKey | null> {
    const [held] = await this.putAllIfAbsent([key]);
    return held!;
  }

  override async putAllIfAbsent(keys: readonly WrappedKey[]): Promise<(WrappedKey | null)[]> {
    checkedCount(keys.length);
    const puts = keys.map((key): KeyChange => ({ kind: 'put', key: checkedWrapping(key) }));
    const outcomes = await this.change(puts);
    return outcomes.map((outcome, index) => (outcome === 'made' ? keys[index]! : outcome.kept));
  }

  override async find(persons: readonly string[]): Promise<Map<string, WrappedKey>> {
    checkedCount(persons.length);
    persons.forEach(checkedPerson);
    return this.read(() => this.reader.find(persons));
  }

  override async destroy(person: string): Promise<boolean> {
    const [outcome] = await this.change([{ kind: 'destroy', person: checkedPerson(person) }]);
    return outcome === 'made';
  }

  override async erased(after: string | null, limit: number): Promise<string[]> {
    checkedCount(limit);
    return this.read(() => this.reader.erased(after ?? '', limit));
  }

  override async list(after: string | null, limit: number): Promise<WrappedKey[]> {
    checkedCount(limit);
    return this.read(() => this.reader.list(after ?? '', limit));
  }

  override async rewrap(key: WrappedKey): Promise<boolean> {
    const [outcome] = await this.change([{ kind: 'rewrap', key: checkedWrapping(key) }]);
    return outcome === 'made';
  }

  override async close(): Promise<void> {
    this.closed = true;
    await this.writer?.close();
    this.reader.close();
  }

  private read<T>(work: () => T): T {
    if (this.closed) throw new StoreUnavailable('the keys are closed');
    try {
      return work();
    } catch (error) {
      throw new StoreUnavailable(`the keys failed: ${String(error)}`, { cause: error });
    }
  }

  private async change(changes: readonly KeyChange[]): Promise<Known[]> {
    if (this.closed) throw new StoreUnavailable('the keys are closed');
    if (!this.writer) throw new TypeError('these keys were opened for reading');
    if (changes.length === 0) return [];
    return (await this.writer.change(changes)).map((outcome) => {
      if (outcome !== 'made' && 'failed' in outcome) throw new StoreUnavailable(outcome.failed);
      return outcome;
    });
  }
}

type Known = Exclude<KeyOutcome, { failed: string }>;

interface Writer {
  /** An outcome for each. */
  change(changes: readonly KeyChange[]): Promise<readonly KeyOutcome[]>;
  close(): Promise<void>;
}
