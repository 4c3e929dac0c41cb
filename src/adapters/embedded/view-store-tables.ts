import type { DatabaseSyncInstance } from '@photostructure/sqlite';

import { indexed } from '../view-arguments.js';

const FORMAT = 1;

/** A column beside the body rather than an index over an expression on it: what is indexed is then what `indexed` says, and not
 *  what SQLite's JSON functions make of booleans, objects, or NUL. */
export const columnOf = (field: string): string => `field_${field}`;

export const isMade = (db: DatabaseSyncInstance): boolean => {
  const format = pragma(db, 'user_version');
  if (format !== 0 && format !== FORMAT) throw new Error(`this view has format ${format}, not ${FORMAT}`);
  return format === FORMAT;
};

export function fieldsOf(db: DatabaseSyncInstance): string[] {
  const columns = db.prepare("SELECT name FROM pragma_table_info('documents')", { returnArrays: true });
  return (columns.all() as [string][])
    .map(([name]) => name)
    .filter((name) => name.startsWith(columnOf('')))
    .map((name) => name.slice(columnOf('').length));
}

/** Makes what is missing of a view: its tables, then fields that it was not asked by before. Fields are checked names. */
export function makeTables(db: DatabaseSyncInstance, fields: readonly string[]): void {
  db.exec('BEGIN IMMEDIATE');
  if (!isMade(db)) {
    db.exec(`
      CREATE TABLE documents (key TEXT PRIMARY KEY, position TEXT NOT NULL, body TEXT);
      CREATE TABLE state (checkpoint TEXT);
      INSERT INTO state VALUES (NULL);
      CREATE TABLE parked (stream TEXT PRIMARY KEY, revision INTEGER, position TEXT, cause TEXT, parkedAt INTEGER);
      PRAGMA user_version = ${FORMAT};
    `);
  }
  const known = fieldsOf(db);
  for (const field of fields) if (!known.includes(field)) addField(db, field);
  db.exec('COMMIT');
}

/** Makes the indexes that are missing. Apart from the tables, since a view is filled faster without them. */
export function makeIndexes(db: DatabaseSyncInstance): void {
  db.exec('BEGIN IMMEDIATE');
  db.exec('CREATE INDEX IF NOT EXISTS deleted ON documents (position) WHERE body IS NULL');
  for (const column of fieldsOf(db).map(columnOf)) {
    db.exec(
      `CREATE INDEX IF NOT EXISTS by_${column} ON documents (${column}, key) WHERE ${column} IS NOT NULL`,
    );
  }
  db.exec('COMMIT');
}

function addField(db: DatabaseSyncInstance, field: string): void {
  db.exec(`ALTER TABLE documents ADD COLUMN ${columnOf(field)}`);
  const update = db.prepare(`UPDATE documents SET ${columnOf(field)} = ? WHERE rowid = ?`);
  const page = db.prepare(
    'SELECT rowid, body FROM documents WHERE body IS NOT NULL AND rowid > ? ORDER BY rowid LIMIT 1000',
    { returnArrays: true },
  );
  for (let last: number | undefined = 0; last !== undefined;) {
    const rows = page.all(last) as [number, string][];
    for (const [row, body] of rows) {
      update.run(indexed((JSON.parse(body) as Record<string, unknown>)[field]), row);
    }
    last = rows.at(-1)?.[0];
  }
}

const pragma = (db: DatabaseSyncInstance, name: string): unknown =>
  (db.prepare(`PRAGMA ${name}`, { returnArrays: true }).get() as [unknown])[0];
