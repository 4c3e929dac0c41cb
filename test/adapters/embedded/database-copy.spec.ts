import { DatabaseSync } from '@photostructure/sqlite';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyBlobs } from '../../../src/adapters/embedded/blob-copy.js';
import { EmbeddedBlobStore } from '../../../src/adapters/embedded/blob-store.js';
import {
  personsWithoutKey,
  problemsOfDatabase,
  problemsOfLog,
  streamsWith,
} from '../../../src/adapters/embedded/database-check.js';
import { copyDatabase } from '../../../src/adapters/embedded/database-copy.js';
import { KeyDatabase } from '../../../src/adapters/embedded/key-database.js';
import { eraseKeys } from '../../../src/adapters/embedded/key-erasure.js';
import { LogDatabase } from '../../../src/adapters/embedded/log-database.js';
import { event, events } from '../../contracts/event-store-events.js';

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portcullis-copy-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const append = (log: LogDatabase, stream: string, count = 1) =>
  log.commit([{ stream, expected: 'Any', events: events(count) }]);
const edit = (file: string, sql: string) => {
  const db = new DatabaseSync(at(file));
  db.exec(sql);
  db.close();
};
const someKey = (person: string) => ({ person, masterKeyId: 'm', wrapped: new Uint8Array([1, 2, 3]) });

describe('A copy of a database', () => {
  test('holds what was committed, beside a writer who goes on', () => {
    const log = new LogDatabase(at('log.db'));
    append(log, 's-1', 3);
    copyDatabase(at('log.db'), at('copy.db'));
    append(log, 's-1', 2);
    log.close();
    expect(problemsOfLog(at('copy.db'))).toEqual([]);
    expect(new DatabaseSync(at('copy.db')).prepare('SELECT count(*) AS n FROM events').get()).toEqual({
      n: 3,
    });
    expect(statSync(at('copy.db')).mode & 0o777).toBe(0o600);
  });

  test('is not there at all when it could not be made', () => {
    writeFileSync(at('log.db'), 'no database'.repeat(1_000));
    expect(() => copyDatabase(at('log.db'), at('copy.db'))).toThrow('not a database');
    expect([existsSync(at('copy.db')), existsSync(at('copy.db.part'))]).toEqual([false, false]);
  });
});

describe('The check of a log', () => {
  beforeEach(() => {
    const log = new LogDatabase(at('log.db'));
    append(log, 's-1', 3);
    append(log, 's-2', 2);
    log.close();
  });

  test('finds nothing in a whole one', () => expect(problemsOfLog(at('log.db'))).toEqual([]));

  test('finds an event that is gone', () => {
    edit('log.db', 'DELETE FROM events WHERE position = 2');
    expect(problemsOfLog(at('log.db'))).toEqual([
      'it holds 4 events, but its last position is 5',
      's-1 holds 2 events, but its last revision is 2',
    ]);
  });

  test('finds a stream that lost its beginning', () => {
    edit('log.db', "UPDATE events SET revision = revision - 1 WHERE stream = 's-2'");
    expect(problemsOfLog(at('log.db'))).toEqual(['s-2 holds 2 events, but its last revision is 0']);
  });

  test('finds what is no database', () => {
    writeFileSync(at('other.db'), 'no database'.repeat(1_000));
    expect(problemsOfLog(at('other.db'))).toEqual(['file is not a database']);
    expect(problemsOfDatabase(at('other.db'))).toEqual(['file is not a database']);
  });
});

describe('Keys of a copy', () => {
  test('are destroyed for those erased since, in the one file that moves on', () => {
    const wrapped = new Uint8Array(32).fill(0xab);
    const keys = new KeyDatabase(at('keys.db'));
    keys.commit([
      { kind: 'put', key: { ...someKey('ada'), wrapped } },
      { kind: 'put', key: someKey('bob') },
    ]);
    keys.close();
    copyDatabase(at('keys.db'), at('copy.db'));
    expect(readFileSync(at('copy.db')).includes(Buffer.from(wrapped))).toBe(true);
    expect(eraseKeys(at('copy.db'), ['ada', 'nobody', 'ada'])).toBe(1);
    expect(readFileSync(at('copy.db')).includes(Buffer.from(wrapped))).toBe(false);
    expect(existsSync(at('copy.db-wal'))).toBe(false);
    const rows = new DatabaseSync(at('copy.db'))
      .prepare('SELECT person, wrapped IS NULL AS gone FROM keys')
      .all();
    expect(rows).toEqual([
      { person: 'ada', gone: 1 },
      { person: 'bob', gone: 0 },
      { person: 'nobody', gone: 1 },
    ]);
  });

  test('are missed where the log needs them, and not where the person was erased', () => {
    const log = new LogDatabase(at('log.db'));
    const of = (person?: string) => ({ ...event(), metadata: JSON.stringify({ at: 1, person }) });
    const records = [of('ada'), of('bob'), of('bob'), of('eve'), of(), { ...event('PersonErased') }];
    log.commit([{ stream: 'account-eve', expected: 'Any', events: records }]);
    log.close();
    const keys = new KeyDatabase(at('keys.db'));
    keys.commit([
      { kind: 'put', key: someKey('ada') },
      { kind: 'destroy', person: 'eve' },
    ]);
    keys.close();
    expect(personsWithoutKey(at('log.db'), at('keys.db'))).toBe(1);
    expect(streamsWith(at('log.db'), 'PersonErased')).toEqual(['account-eve']);
  });
});

test('Blobs are copied whole, and no half-arrived one', async () => {
  const store = await EmbeddedBlobStore.open({ dataDir: at('from') });
  const name = await store.put(new Uint8Array([1, 2, 3]));
  writeFileSync(at('from/blobs/incoming/half'), 'half');
  await store.close();
  expect(await copyBlobs(at('from'), at('to'))).toBe(1);
  expect(existsSync(at('to/blobs/incoming'))).toBe(false);
  const copied = await EmbeddedBlobStore.open({ dataDir: at('to') });
  expect(await copied.get(name)).toEqual(Buffer.from([1, 2, 3]));
  await copied.close();
});
