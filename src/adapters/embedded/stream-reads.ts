import type { DatabaseSyncInstance } from '@photostructure/sqlite';

import { isStorable } from '../stored-text.js';

/** The columns of a stored event, in the order in which all statements ask for them. */
export const EVENT_COLUMNS =
  'events.position, events.stream, events.revision, events.event_id, events.type, events.data, events.metadata';

export type EventRow = [
  position: number,
  stream: string,
  revision: number,
  eventId: string,
  type: string,
  data: string,
  metadata: string,
];

/** Of one statement: some milliseconds of reading. */
const TOGETHER_MAX = 256;

interface Asked {
  readonly stream: string;
  readonly from: number;
  readonly limit: number;
  readonly resolve: (rows: EventRow[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Reads of streams. Those asked for in one turn of the loop are done together at its end: a statement costs more than the rows of a
 *  short stream. */
export class StreamReads {
  private asked: Asked[] = [];
  private readonly statements: ReturnType<typeof prepare>;

  constructor(db: DatabaseSyncInstance) {
    this.statements = prepare(db);
  }

  /** At most `limit` events from a revision on, in their order. Throws what SQLite throws. */
  rows(stream: string, from: number, limit: number): Promise<EventRow[]> {
    return new Promise((resolve, reject) => {
      if (this.asked.length === 0) process.nextTick(() => this.readAsked());
      this.asked.push({ stream, from, limit, resolve, reject });
    });
  }

  private readAsked(): void {
    const now = this.asked.splice(0, TOGETHER_MAX);
    // Everybody else has a turn in between.
    if (this.asked.length > 0) setImmediate(() => this.readAsked());
    try {
      for (const [index, rows] of this.read(now).entries()) now[index]!.resolve(rows);
    } catch (error) {
      for (const { reject } of now) reject(error);
    }
  }

  private read(asked: readonly Asked[]): EventRow[][] {
    // Other text than that would not come back from JSON as it is.
    if (asked.length === 1 || !asked.every(({ stream }) => isStorable(stream))) {
      return asked.map(
        ({ stream, from, limit }) => this.statements.one.all(stream, from, limit) as EventRow[],
      );
    }
    const rows = asked.map((): EventRow[] => []);
    // A stream has no gaps, so that a limit is a revision, too.
    const wanted = JSON.stringify(asked.map(({ stream, from, limit }) => [stream, from, from + limit]));
    for (const [index, ...row] of this.statements.many.all(wanted) as [number, ...EventRow][]) {
      rows[index]!.push(row);
    }
    return rows;
  }
}

function prepare(db: DatabaseSyncInstance) {
  const rows = { returnArrays: true };
  return {
    one: db.prepare(
      `SELECT ${EVENT_COLUMNS} FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`,
      rows,
    ),
    // CROSS JOIN: looks each stream up, whatever the planner thinks of the size of the list.
    many: db.prepare(
      `SELECT asked.key, ${EVENT_COLUMNS} FROM json_each(?) AS asked
       CROSS JOIN events ON stream = asked.value ->> 0 AND revision >= asked.value ->> 1 AND revision < asked.value ->> 2
       ORDER BY asked.key, revision`,
      rows,
    ),
  };
}
