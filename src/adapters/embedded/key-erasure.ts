import { DatabaseSync } from '@photostructure/sqlite';

/** Destroys the keys of these persons in a copy of `keys.db` that nobody else has open, and bars those who have none; returns how
 *  many keys that were. */
export function eraseKeys(file: string, persons: Iterable<string>): number {
  const db = new DatabaseSync(file);
  try {
    // Everything into the one file: the copy is moved without what else may lie beside it.
    db.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
    const destroy = db.prepare(
      'UPDATE keys SET master_key_id = NULL, wrapped = NULL WHERE person = ? AND wrapped IS NOT NULL',
    );
    const bar = db.prepare('INSERT INTO keys VALUES (?, NULL, NULL) ON CONFLICT DO NOTHING');
    let destroyed = 0;
    db.exec('BEGIN IMMEDIATE');
    for (const person of persons) {
      destroyed += Number(destroy.run(person).changes);
      bar.run(person);
    }
    db.exec('COMMIT');
    return destroyed;
  } finally {
    db.close();
  }
}
