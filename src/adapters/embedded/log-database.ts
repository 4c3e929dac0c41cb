import type { DatabaseSyncInstance } from '@photostructure/sqlite';

import type { EventRecord } from '../../ports.js';
import type { AppendRequest } from '../append-request.js';
import { openLogForWriting } from './log-connection.js';

/** What became of an append: written, with its last revision and position; a conflict, with the stream's last revision
 *  (-1: no stream); surely not written (`unavailable`), or nobody knows (`unknown`), with the cause. */
export type LogOutcome =
  | readonly ['written', revision: number, position: number]
  | readonly ['conflict', actual: number]
  | readonly ['unavailable' | 'unknown', cause: string];

/** So many streams' last revisions are remembered, at about 150 bytes each. */
const HEADS_MAX = 50_000;
/** How long a reader may hold up the end. */
const SETTLE_TIMEOUT_MS = 500;

/** The appending side of a log: synchronous, and the only one of its file. */
export class LogDatabase {
  /** null after a failure: opened anew by the next commit. */
  private statements: Statements | null;
  private position = 0;
  /** Last revisions by stream; the stream used last stands last. */
  private readonly heads = new Map<string, number>();

  /** `file` may be ':memory:'. `connect` opens it, again after a failure. */
  constructor(
    private readonly file: string,
    private readonly connect: (file: string) => DatabaseSyncInstance = openLogForWriting,
  ) {
    this.statements = this.connected();
  }

  get connection(): DatabaseSyncInstance {
    return (this.statements ??= this.connected()).db;
  }

  /** Writes a group of appends in one transaction. Each is checked by itself, after those before it, so that a conflict
   *  undoes nothing else. An append without events writes nothing, and shows that the log takes writes. */
  commit(group: readonly AppendRequest[]): LogOutcome[] {
    let failure: 'unavailable' | 'unknown' = 'unavailable';
    try {
      const statements = (this.statements ??= this.connected());
      statements.begin.run();
      const outcomes = group.map((request) => this.write(statements, request));
      failure = 'unknown';
      statements.commit.run();
      return outcomes;
    } catch (error) {
      this.forget();
      if (failure === 'unknown') this.bury();
      const outcome: LogOutcome = [failure, String(error)];
      return group.map(() => outcome);
    }
  }

  /** Brings the WAL into the file first, so that whoever copies the file of a stopped service has the whole log. SQLite would do so
   *  as the last connection closes, but those whose statements wait to be collected stay open until the process ends. */
  close(): void {
    try {
      this.statements?.db.exec(`PRAGMA busy_timeout = ${SETTLE_TIMEOUT_MS}; PRAGMA wal_checkpoint(TRUNCATE)`);
    } catch {
      // What was committed stands in the WAL, where the next start finds it.
    }
    this.disconnect();
  }

  private disconnect(): void {
    this.statements?.db.close();
    this.statements = null;
  }

  private write(statements: Statements, { stream, expected, events }: AppendRequest): LogOutcome {
    const head = this.head(statements, stream);
    const wanted = expected === 'Any' ? head : expected === 'NoStream' ? -1 : expected;
    if (wanted !== head) return firstAnswer(statements, stream, wanted, events) ?? ['conflict', head];
    let revision = head;
    for (const { eventId, type, data, metadata } of events) {
      statements.insert.run(++this.position, stream, ++revision, eventId, type, data, metadata);
    }
    this.heads.set(stream, revision);
    return ['written', revision, this.position];
  }

  private head(statements: Statements, stream: string): number {
    let head = this.heads.get(stream);
    if (head === undefined) {
      head = (statements.lastRevision.get(stream) as [number])[0];
      if (this.heads.size >= HEADS_MAX) this.heads.delete(this.heads.keys().next().value!);
    } else {
      this.heads.delete(stream);
    }
    this.heads.set(stream, head);
    return head;
  }

  private connected(): Statements {
    const statements = prepare(this.connect(this.file));
    this.position = (statements.lastPosition.get() as [number])[0];
    return statements;
  }

  /** A commit that failed may have left its frames in the WAL, whole, and a start after a crash would take them for committed.
   *  Opening the log writes over them, before anybody reads, finds nothing and concludes. */
  private bury(): void {
    try {
      this.statements ??= this.connected();
    } catch {
      // The disk still fails: until a later commit has opened the log, each says so.
      this.statements = null;
    }
  }

  /** After a failure, only what the file holds is known. */
  private forget(): void {
    this.heads.clear();
    if (this.statements === null) return;
    const { db, lastPosition } = this.statements;
    if (db.isTransaction) db.exec('ROLLBACK');
    if (this.file === ':memory:') {
      // It would be lost with its connection.
      this.position = (lastPosition.get() as [number])[0];
    } else {
      this.disconnect();
    }
  }
}

/** The answer to an append that was sent before: all its events stand where it would have put them. */
function firstAnswer(
  statements: Statements,
  stream: string,
  after: number,
  events: readonly EventRecord[],
): LogOutcome | null {
  const stored = statements.idsAfter.all(stream, after, events.length) as [string, number][];
  if (stored.length < events.length) return null;
  if (stored.some(([eventId], index) => eventId !== events[index]?.eventId)) return null;
  return ['written', after + events.length, stored.at(-1)![1]];
}

type Statements = ReturnType<typeof prepare>;

function prepare(db: DatabaseSyncInstance) {
  const rows = { returnArrays: true };
  return {
    // Statements live no longer than their connection, which nothing else may hold.
    db,
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    insert: db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)'),
    lastPosition: db.prepare('SELECT coalesce(max(position), 0) FROM events', rows),
    lastRevision: db.prepare('SELECT coalesce(max(revision), -1) FROM events WHERE stream = ?', rows),
    idsAfter: db.prepare(
      'SELECT event_id, position FROM events WHERE stream = ? AND revision > ? ORDER BY revision LIMIT ?',
      rows,
    ),
  };
}
