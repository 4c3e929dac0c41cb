import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';

import type { ParkedStream, Position, ViewDocument, ViewPage, ViewWrite } from '../../ports.js';
import { indexed } from '../view-arguments.js';
import { type CheckedRange, cursorAfter } from '../view-range.js';
import { rangeStatement } from './view-store-range.js';
import { columnOf, fieldsOf } from './view-store-tables.js';

type DocumentRow = [key: string, position: string, body: string | null];

/** The documents of one view in one SQLite database. Synchronous; arguments are checked by the caller. */
export class ViewDatabase {
  /** What documents can be asked by. */
  readonly fields: readonly string[];
  private readonly statements: Statements;
  private readonly ranges = new Map<string, StatementSyncInstance>();

  /** Takes over a connection to a database with the tables of a view. */
  constructor(private readonly db: DatabaseSyncInstance) {
    this.fields = fieldsOf(db);
    this.statements = prepare(db, this.fields);
  }

  /** All of `work` or nothing, alone among the writers of this file. */
  transaction<T>(work: () => T): T {
    this.statements.begin.run();
    try {
      const result = work();
      this.statements.commit.run();
      return result;
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Within a transaction. As `ReadStore.save`. */
  save(writes: readonly ViewWrite[], checkpoint: Position): string[] {
    // Neighbours share pages of the index over keys.
    const inKeyOrder = [...writes].sort((a, b) => (a.key < b.key ? -1 : 1));
    const movedOn = inKeyOrder.filter((write) => !this.write(write)).map(({ key }) => key);
    if (movedOn.length === 0) this.statements.setCheckpoint.run(checkpoint);
    return movedOn;
  }

  load(keys: readonly string[]): Map<string, ViewDocument> {
    const rows = this.statements.load.all(JSON.stringify(keys)) as DocumentRow[];
    return new Map(rows.map((row) => [row[0], documentOf(row)]));
  }

  get(key: string): ViewDocument | null {
    const row = this.statements.get.get(key) as DocumentRow | undefined;
    return row ? documentOf(row) : null;
  }

  /** Throws `TypeError` for a field that is not indexed. */
  range(range: CheckedRange): ViewPage {
    if (range.field !== 'key' && !this.fields.includes(range.field)) {
      throw new TypeError(`this view cannot be asked by ${range.field}`);
    }
    const { sql, values } = rangeStatement(range);
    const rows = this.rangeOf(sql).all(...values) as [key: string, body: string][];
    const items = rows
      .slice(0, range.limit)
      .map(([key, body]) => ({ key, body: JSON.parse(body) as object }));
    const last = items.at(-1);
    return { items, next: rows.length > range.limit ? cursorAfter(range, last!.key, last!.body) : null };
  }

  checkpoint(): Position | null {
    return (this.statements.checkpoint.get() as [Position | null])[0];
  }

  park({ stream, revision, position, cause, parkedAt }: ParkedStream): void {
    this.statements.park.run(stream, revision, position, cause, parkedAt);
  }

  parked(): ParkedStream[] {
    return this.statements.parked.all() as ParkedStream[];
  }

  unpark(stream: string): void {
    this.statements.unpark.run(stream);
  }

  purgeDeleted(upTo: Position): void {
    this.statements.purge.run(upTo);
  }

  close(): void {
    if (this.db.isOpen) this.db.close();
  }

  private write({ key, position, body, readAt }: ViewWrite): boolean {
    const text = body === null ? null : JSON.stringify(body);
    const values = this.fields.map((field) => indexed((body as Record<string, unknown> | null)?.[field]));
    const { insert, update } = this.statements;
    const { changes } =
      readAt === null
        ? insert.run(key, position, text, ...values)
        : update.run(position, text, ...values, key, readAt);
    return changes === 1;
  }

  /** One statement for each combination of field, bounds and direction: few. */
  private rangeOf(sql: string): StatementSyncInstance {
    let statement = this.ranges.get(sql);
    if (!statement) this.ranges.set(sql, (statement = this.db.prepare(sql, { returnArrays: true })));
    return statement;
  }
}

const documentOf = ([key, position, body]: DocumentRow): ViewDocument => ({
  key,
  position,
  body: body === null ? null : (JSON.parse(body) as object),
});

type Statements = ReturnType<typeof prepare>;

function prepare(db: DatabaseSyncInstance, fields: readonly string[]) {
  const rows = { returnArrays: true };
  const columns = ['key', 'position', 'body', ...fields.map(columnOf)];
  const assignments = columns.slice(1).map((column) => `${column} = ?`);
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    insert: db.prepare(
      `INSERT INTO documents (${columns.join()}) VALUES (${columns.map(() => '?').join()}) ON CONFLICT DO NOTHING`,
    ),
    update: db.prepare(`UPDATE documents SET ${assignments.join()} WHERE key = ? AND position = ?`),
    get: db.prepare('SELECT key, position, body FROM documents WHERE key = ?', rows),
    // CROSS JOIN: looks each key up, whatever the planner thinks of the size of the list.
    load: db.prepare(
      'SELECT key, position, body FROM (SELECT value FROM json_each(?)) CROSS JOIN documents ON key = value',
      rows,
    ),
    checkpoint: db.prepare('SELECT checkpoint FROM state', rows),
    setCheckpoint: db.prepare("UPDATE state SET checkpoint = max(coalesce(checkpoint, ''), ?)"),
    park: db.prepare('INSERT OR REPLACE INTO parked VALUES (?, ?, ?, ?, ?)'),
    parked: db.prepare('SELECT stream, revision, position, cause, parkedAt FROM parked ORDER BY stream'),
    unpark: db.prepare('DELETE FROM parked WHERE stream = ?'),
    purge: db.prepare('DELETE FROM documents WHERE body IS NULL AND position <= ?'),
  };
}
