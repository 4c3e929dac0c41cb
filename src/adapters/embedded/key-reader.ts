import type { DatabaseSyncInstance } from '@photostructure/sqlite';

import type { WrappedKey } from '../../ports.js';

export type KeyRow = [person: string, masterKeyId: string, wrapped: Uint8Array];

export const keyOf = ([person, masterKeyId, wrapped]: KeyRow): WrappedKey => ({
  person,
  masterKeyId,
  wrapped,
});

/** The reading side of the keys: any number of these may stand beside their writer, in other threads and processes too. */
export class KeyReader {
  private readonly statements: ReturnType<typeof prepare>;

  /** Takes the connection over. */
  constructor(private readonly db: DatabaseSyncInstance) {
    this.statements = prepare(db);
  }

  find(persons: readonly string[]): Map<string, WrappedKey> {
    const rows = this.statements.find.all(JSON.stringify(persons)) as KeyRow[];
    return new Map(rows.map((row) => [row[0], keyOf(row)]));
  }

  list(after: string, limit: number): WrappedKey[] {
    return (this.statements.list.all(after, limit) as KeyRow[]).map(keyOf);
  }

  erased(after: string, limit: number): string[] {
    return (this.statements.erased.all(after, limit) as [string][]).map(([person]) => person);
  }

  close(): void {
    if (this.db.isOpen) this.db.close();
  }
}

function prepare(db: DatabaseSyncInstance) {
  const rows = { returnArrays: true };
  const key = 'person, master_key_id, wrapped';
  return {
    // CROSS JOIN: looks each person up, whatever the planner thinks of the size of the list.
    find: db.prepare(
      `SELECT ${key} FROM json_each(?) CROSS JOIN keys ON person = value WHERE wrapped IS NOT NULL`,
      rows,
    ),
    list: db.prepare(
      `SELECT ${key} FROM keys WHERE wrapped IS NOT NULL AND person > ? ORDER BY person LIMIT ?`,
      rows,
    ),
    erased: db.prepare(
      'SELECT person FROM keys WHERE wrapped IS NULL AND person > ? ORDER BY person LIMIT ?',
      rows,
    ),
  };
}
