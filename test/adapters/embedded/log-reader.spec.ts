import type { DatabaseSyncInstance, StatementOptions } from '@photostructure/sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { logFile, openLogForReading } from '../../../src/adapters/embedded/log-connection.js';
import { LogDatabase } from '../../../src/adapters/embedded/log-database.js';
import { EmbeddedLogReader } from '../../../src/adapters/embedded/log-reader.js';
import type { Position, RecordedEvent } from '../../../src/ports.js';
import { events, idsOf } from '../../contracts/event-store-events.js';

let dataDir: string;
let log: LogDatabase;
let readers: EmbeddedLogReader[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'portcullis-reader-'));
  log = new LogDatabase(logFile(dataDir));
  readers = [];
});
afterEach(() => {
  for (const reader of readers) reader.close();
  log.close();
  rmSync(dataDir, { recursive: true });
});

function reading(reader: EmbeddedLogReader): EmbeddedLogReader {
  readers.push(reader);
  return reader;
}
const append = (count: number) => log.commit([{ stream: 'a', expected: 'Any', events: events(count) }]);

/** Follows until aborted, and shows what came so far. */
function following(reader: EmbeddedLogReader, after: Position | null = null) {
  const signal = new AbortController();
  const batches: RecordedEvent[][] = [];
  const ended = (async () => {
    for await (const batch of reader.follow(after, signal.signal)) batches.push(batch);
  })();
  return { batches, stop: () => (signal.abort(), ended) };
}

describe('A reader beside the writer', () => {
  test('sees what another connection appends without being woken', async () => {
    const { batches, stop } = following(reading(EmbeddedLogReader.open(dataDir, 5)));
    await pause(20);
    append(3);
    while (batches.length === 0) await pause(5);
    await stop();
    expect(batches.flat().map(({ revision }) => revision)).toEqual([0, 1, 2]);
  });

  test('looks again when it is woken, and only then if it does not poll', async () => {
    const reader = reading(EmbeddedLogReader.open(dataDir, null));
    const { batches, stop } = following(reader);
    append(2);
    await pause(30);
    expect(batches).toEqual([]);
    reader.wake();
    while (batches.length === 0) await pause(1);
    await stop();
    expect(batches.flat()).toHaveLength(2);
  });

  test('reads no further ahead than one batch, and lets the loop turn between two', async () => {
    append(1_000);
    const reader = reading(EmbeddedLogReader.open(dataDir));
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    const sizes: number[] = [];
    const signal = new AbortController();
    for await (const batch of reader.follow(null, signal.signal, 300)) {
      sizes.push(batch.length);
      if (sizes.length === 4) signal.abort();
    }
    clearInterval(counting);
    expect(sizes).toEqual([300, 300, 300, 100]);
    expect(turns).toBeGreaterThan(0);
  });

  test('goes on after the log could not be read, and skips nothing', async () => {
    append(2);
    const db = openLogForReading(logFile(dataDir));
    let failures = 2;
    const flaky = {
      isOpen: true,
      close: () => db.close(),
      prepare: (sql: string, options: StatementOptions) => {
        const statement = db.prepare(sql, options);
        const all = (...parameters: unknown[]): unknown[] => {
          if (failures-- > 0) throw new Error('disk I/O error');
          return statement.all(...parameters);
        };
        return { all };
      },
    } as unknown as DatabaseSyncInstance;
    const reader = reading(new EmbeddedLogReader(flaky, null));
    await expect(reader.head()).rejects.toThrow('cannot read the log: Error: disk I/O error');
    const { batches, stop } = following(reader);
    expect(batches).toEqual([]);
    while (batches.length === 0) await pause(5);
    await stop();
    expect(idsOf(batches.flat())).toEqual(idsOf(await reader.readLog(null, 10)));
    expect(failures).toBeLessThan(0);
  });

  test('says so where there is no log', () => {
    expect(() => EmbeddedLogReader.open(join(dataDir, 'elsewhere'))).toThrow('cannot read');
  });
});
