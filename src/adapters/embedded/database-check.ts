import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';

const TIMEOUT_MS = 5_000;
const SHOWN_MAX = 5;

/** What SQLite finds wrong with a file, in its words; empty when it is whole. Reads all of it. */
export function problemsOfDatabase(file: string): string[] {
  return orDamage(() => reading(file, quickCheck));
}

/** What is wrong with a log, in sentences: damage, gaps, or a setting that loses acknowledged events. Reads all of it. */
export function problemsOfLog(file: string): string[] {
  return orDamage(() => reading(file, gapsOrDamage));
}

function gapsOrDamage(db: DatabaseSyncInstance): string[] {
  const problems = quickCheck(db);
  if (problems.length > 0) return problems;
  // NOT INDEXED: what the rows say, beside what their index says below.
  const rows = db
    .prepare('SELECT count(*) AS count, max(position) AS last FROM events NOT INDEXED')
    .get() as { count: number; last: number | null };
  if (rows.count !== (rows.last ?? 0)) {
    problems.push(`it holds ${rows.count} events, but its last position is ${rows.last}`);
  }
  const gaps = column(
    db,
    `SELECT stream || ' holds ' || count(*) || ' events, but its last revision is ' || max(revision)
       FROM events GROUP BY stream HAVING min(revision) <> 0 OR count(*) <> max(revision) + 1 LIMIT ${SHOWN_MAX}`,
  );
  return [...problems, ...gaps];
}

const quickCheck = (db: DatabaseSyncInstance): string[] =>
  column(db, `PRAGMA quick_check(${SHOWN_MAX})`).filter((line) => line !== 'ok');

/** Some damage is found, some is met. */
function orDamage(look: () => string[]): string[] {
  try {
    return look();
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Streams that hold an event of this type. Reads all of the log. */
export function streamsWith(logFile: string, type: string): string[] {
  return reading(logFile, (db) => {
    const statement = db.prepare('SELECT DISTINCT stream FROM events WHERE type = ?', {
      returnArrays: true,
    });
    return (statement.all(type) as [string][]).map(([stream]) => stream);
  });
}

/** How many persons have sealed events in the log and neither a key nor a place among the erased. */
export function personsWithoutKey(logFile: string, keyFile: string): number {
  return reading(logFile, (db) => {
    db.exec(`ATTACH '${keyFile.replaceAll("'", "''")}' AS key_store`);
    const [count] = column(
      db,
      `SELECT count(*) FROM (SELECT DISTINCT metadata ->> '$.person' AS person FROM events)
       WHERE person IS NOT NULL AND person NOT IN (SELECT person FROM key_store.keys)`,
    );
    return Number(count);
  });
}

/** True for the journal that lets readers and the writer work side by side. */
export function isWriteAhead(file: string): boolean {
  return reading(file, (db) => column(db, 'PRAGMA journal_mode')[0] === 'wal');
}

function reading<T>(file: string, work: (db: DatabaseSyncInstance) => T): T {
  const db = new DatabaseSync(file, { readOnly: true, timeout: TIMEOUT_MS });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

const column = (db: DatabaseSyncInstance, sql: string): string[] =>
  (db.prepare(sql, { returnArrays: true }).all() as [unknown][]).map(([value]) => String(value));
