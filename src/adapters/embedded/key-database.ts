import type { DatabaseSyncInstance } from '@photostructure/sqlite';

import type { WrappedKey } from '../../ports.js';
import { BUSY_TIMEOUT_MS, openKeysForWriting } from './key-connection.js';
import { keyOf, type KeyRow } from './key-reader.js';

export type KeyChange =
  | { readonly kind: 'put' | 'rewrap'; readonly key: WrappedKey }
  | { readonly kind: 'destroy'; readonly person: string };

/** What became of a change: made; nothing to change, since the person keeps this key, or none; or failed by this cause, and
 *  nobody knows. */
export type KeyOutcome = 'made' | { readonly kept: WrappedKey | null } | { readonly failed: string };

/** How long a reader may hold up the sweep after a key was destroyed, before that is put off. */
const SWEEP_TIMEOUT_MS = 50;

/** The writing side of the keys: synchronous, and the only one of its file. */
export class KeyDatabase {
  /** False while the write-ahead log may still hold keys that were destroyed. */
  swept = false;
  /** null after a failure: opened anew by the next commit. */
  private statements: Statements | null;

  /** `file` may be ':memory:'. */
  constructor(private readonly file: string) {
    this.statements = this.connected();
    this.sweep();
  }

  get connection(): DatabaseSyncInstance {
    return (this.statements ??= this.connected()).db;
  }

  /** Makes a group of changes in one transaction, each after those before it. */
  commit(changes: readonly KeyChange[]): KeyOutcome[] {
    try {
      const statements = (this.statements ??= this.connected());
      statements.begin.run();
      const outcomes = changes.map((change) => applied(statements, change));
      statements.commit.run();
      if (changes.some(({ kind }) => kind === 'destroy')) {
        this.swept = false;
        this.sweep();
      }
      return outcomes;
    } catch (error) {
      this.forget();
      const outcome = { failed: String(error) };
      return changes.map(() => outcome);
    }
  }

  /** Empties the write-ahead log, unless a reader still needs it: see `swept`. */
  sweep(): void {
    if (this.swept) return;
    try {
      const db = this.connection;
      db.exec(`PRAGMA busy_timeout = ${SWEEP_TIMEOUT_MS}`);
      const { busy } = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
      db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
      this.swept = busy === 0;
    } catch {
      // What was committed stays so. The next commit meets the same disk, and tells of it.
      this.forget();
    }
  }

  /** Empties the write-ahead log first, so that whoever copies the file of a stopped service has every key. */
  close(): void {
    if (this.statements === null) return;
    this.swept = false;
    this.sweep();
    this.disconnect();
  }

  private disconnect(): void {
    this.statements?.db.close();
    this.statements = null;
  }

  private connected(): Statements {
    return prepare(openKeysForWriting(this.file));
  }

  private forget(): void {
    if (this.statements === null) return;
    const { db } = this.statements;
    if (db.isTransaction) db.exec('ROLLBACK');
    // One in memory would be lost with its connection.
    if (this.file !== ':memory:') this.disconnect();
  }
}

function applied(statements: Statements, change: KeyChange): KeyOutcome {
  if (change.kind === 'destroy') {
    if (statements.destroy.run(change.person).changes === 1) return 'made';
    statements.bar.run(change.person);
    return { kept: null };
  }
  const { person, masterKeyId, wrapped } = change.key;
  if (change.kind === 'rewrap') {
    return statements.rewrap.run(masterKeyId, wrapped, person).changes === 1 ? 'made' : { kept: null };
  }
  if (statements.put.run(person, masterKeyId, wrapped).changes === 1) return 'made';
  const row = statements.get.get(person) as KeyRow | undefined;
  return { kept: row ? keyOf(row) : null };
}

type Statements = ReturnType<typeof prepare>;

function prepare(db: DatabaseSyncInstance) {
  return {
    // Statements live no longer than their connection, which nothing else may hold.
    db,
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    put: db.prepare('INSERT INTO keys VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
    get: db.prepare(
      'SELECT person, master_key_id, wrapped FROM keys WHERE person = ? AND wrapped IS NOT NULL',
      { returnArrays: true },
    ),
    rewrap: db.prepare(
      'UPDATE keys SET master_key_id = ?, wrapped = ? WHERE person = ? AND wrapped IS NOT NULL',
    ),
    destroy: db.prepare(
      'UPDATE keys SET master_key_id = NULL, wrapped = NULL WHERE person = ? AND wrapped IS NOT NULL',
    ),
    bar: db.prepare('INSERT INTO keys VALUES (?, NULL, NULL) ON CONFLICT DO NOTHING'),
  };
}
