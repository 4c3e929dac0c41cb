import { DatabaseSync } from '@photostructure/sqlite';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openLogForReading, openLogForWriting } from '../../../src/adapters/embedded/log-connection.js';
import { LogDatabase } from '../../../src/adapters/embedded/log-database.js';
import { event, events } from '../../contracts/event-store-events.js';

let directory: string;
let file: string;
let log: LogDatabase;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'portcullis-log-'));
  file = join(directory, 'log.db');
  log = new LogDatabase(file, (path) => openLogForWriting(path, 50));
});
afterEach(() => {
  log.close();
  rmSync(directory, { recursive: true });
});

const positions = (): number[] =>
  (
    log.connection.prepare('SELECT position FROM events ORDER BY position').all() as { position: number }[]
  ).map(({ position }) => position);
const FULL = 2;

describe('A group of appends', () => {
  test('is checked one by one, each after those before it', () => {
    expect(
      log.commit([
        { stream: 'a', expected: 'NoStream', events: events(2) },
        { stream: 'a', expected: 0, events: events(1) },
        { stream: 'a', expected: 1, events: events(1) },
        { stream: 'b', expected: 5, events: events(1) },
        { stream: 'b', expected: 'Any', events: events(1) },
      ]),
    ).toEqual([
      ['written', 1, 2],
      ['conflict', 1],
      ['written', 2, 3],
      ['conflict', -1],
      ['written', 0, 4],
    ]);
    expect(positions()).toEqual([1, 2, 3, 4]);
  });

  test('finds the head of a stream that it has forgotten', () => {
    const group = Array.from({ length: 50_001 }, (_, n) => ({
      stream: `s-${n}`,
      expected: 'NoStream' as const,
      events: [{ eventId: 'e', type: 'T', data: '{}', metadata: '{}' }],
    }));
    expect(log.commit(group).every(([outcome]) => outcome === 'written')).toBe(true);
    expect(log.commit([{ stream: 's-0', expected: 'NoStream', events: events(1) }])).toEqual([
      ['conflict', 0],
    ]);
    expect(log.commit([{ stream: 's-0', expected: 0, events: events(1) }])).toEqual([['written', 1, 50_002]]);
  });

  test('is not written at all when the disk is full, and the log goes on', () => {
    log.commit([{ stream: 'a', expected: 'NoStream', events: events(1) }]);
    log.connection.exec('PRAGMA max_page_count = 10');
    const large = event('Large', { text: 'x'.repeat(100_000) });
    const outcomes = log.commit([
      { stream: 'a', expected: 0, events: events(1) },
      { stream: 'b', expected: 'NoStream', events: [large] },
    ]);
    expect(outcomes.map(([outcome]) => outcome)).toEqual(['unavailable', 'unavailable']);
    expect(outcomes[0]?.[1]).toContain('database or disk is full');
    expect(positions()).toEqual([1]);
    // The limit went with the connection.
    expect(log.commit([{ stream: 'a', expected: 0, events: [large] }])).toEqual([['written', 1, 2]]);
  });

  test('is not written while another connection holds the log, and is afterwards', () => {
    const other = openLogForWriting(file);
    const group = [{ stream: 'a', expected: 'NoStream' as const, events: events(1) }];
    other.exec('BEGIN IMMEDIATE');
    expect(log.commit(group)).toEqual([['unavailable', expect.stringContaining('locked')]]);
    expect(log.commit(group)).toEqual([['unavailable', expect.stringContaining('locked')]]);
    other.exec('ROLLBACK');
    expect(log.commit(group)).toEqual([['written', 0, 1]]);
    other.close();
  });
});

describe('A log that was closed', () => {
  test('is whole in its one file, though a reader is open', () => {
    const reader = openLogForReading(file);
    const last = reader.prepare('SELECT max(position) AS last FROM events');
    log.commit([{ stream: 'a', expected: 'NoStream', events: events(3) }]);
    expect(last.get()).toEqual({ last: 3 });
    log.close();
    copyFileSync(file, `${file}.copy`);
    const copy = openLogForReading(`${file}.copy`);
    expect(copy.prepare('SELECT max(position) AS last FROM events').get()).toEqual({ last: 3 });
    copy.close();
    reader.close();
  });
});

describe('A connection that writes', () => {
  test('syncs in full, when the log is made and when it is opened again', () => {
    const synchronous = () => log.connection.prepare('PRAGMA synchronous').get();
    expect(synchronous()).toEqual({ synchronous: FULL });
    log.close();
    // Without the pragma it would be NORMAL here, which shows that this test can fail.
    const plain = new DatabaseSync(file);
    expect(plain.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 1 });
    plain.close();
    log = new LogDatabase(file);
    expect(synchronous()).toEqual({ synchronous: FULL });
  });

  test('syncs in full when it was opened anew after a failure', () => {
    log.connection.exec('PRAGMA max_page_count = 1');
    expect(
      log.commit([{ stream: 'a', expected: 'Any', events: [event('L', { t: 'x'.repeat(99_999) })] }]),
    ).toEqual([['unavailable', expect.any(String)]]);
    expect(log.connection.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: FULL });
    expect(log.connection.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  });

  test('refuses a log of another format', () => {
    log.connection.exec('PRAGMA user_version = 2');
    expect(() => openLogForWriting(file)).toThrow('format 2');
    expect(() => openLogForReading(file)).toThrow('format 2');
  });
});
