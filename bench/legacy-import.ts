import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

import { Argon2Hasher } from '../src/adapters/argon2-hasher.js';
import { EmbeddedEventStore } from '../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../src/adapters/embedded/key-store.js';
import { LegacyHashes } from '../src/adapters/legacy-hashes.js';
import { RandomIds, SystemClock } from '../src/adapters/system.js';
import { pieces } from '../src/cli/legacy-generate.js';
import { LegacyDirectory } from '../src/commands/legacy-directory.js';
import { LegacyImporter } from '../src/control/import-legacy.js';
import { legacyAccountDecider } from '../src/domain/legacy-account/legacy-account.js';
import { Codec } from '../src/engine/codec.js';
import { Keyring } from '../src/engine/sealing.js';
import { masterKey } from '../src/engine/secrets.js';
import { Streams } from '../src/engine/streams.js';
import type { EventStore, KeyStore } from '../src/ports.js';
import { atLeast, type BenchRow, below, main } from './row.js';

const ROWS = 100_000;
const ASKED_ROWS_A_SECOND = 5_000;
/** Of all threads: what two cores have for a row at that speed. On a machine that is busy with other things it grows by a half at
 *  most, where rows a second tell of little but the others. */
const PROCESSOR_US_MAX = (2 * 1_000_000) / ASKED_ROWS_A_SECOND;
const MORE_MEMORY_MB_MAX = 400;

/** A made-up directory into an empty DATA_DIR, every append and key durable; and then the same again. */
export async function run(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
  const file = join(folder, 'directory.csv');
  await pipeline(Readable.from(pieces({ rows: ROWS, seed: 1, format: 'csv' })), createWriteStream(file));
  const dataDir = join(folder, 'data');
  const events = await EmbeddedEventStore.open({ dataDir });
  const keys = await EmbeddedKeyStore.open({ dataDir });
  try {
    const before = process.memoryUsage.rss();
    const first = await importRate(events, keys, file, ROWS);
    const memoryMb = (process.memoryUsage.rss() - before) / 1_000_000;
    const again = await importRate(events, keys, file, ROWS);
    return [
      ...rowsOf(`import of ${ROWS.toLocaleString('en')} legacy accounts`, first),
      ...rowsOf('the same file again, after a restart', again),
      below('memory that the import took', 'MB', MORE_MEMORY_MB_MAX, memoryMb),
    ];
  } finally {
    await keys.close();
    await events.close();
    rmSync(folder, { recursive: true });
  }
}

export interface Rate {
  readonly rowsASecond: number;
  readonly processorUs: number;
}

const rowsOf = (name: string, { rowsASecond, processorUs }: Rate): BenchRow[] => [
  atLeast(name, 'rows/s', ASKED_ROWS_A_SECOND, rowsASecond),
  below('processor time of a row, all threads', 'µs', PROCESSOR_US_MAX, processorUs),
];

/** By an importer that knows nothing yet of what is stored. */
export async function importRate(
  events: EventStore,
  keys: KeyStore,
  file: string,
  rows: number,
): Promise<Rate> {
  const keyring = new Keyring(keys, masterKey(new Uint8Array(32).fill(1)));
  const codec = new Codec([legacyAccountDecider], keyring);
  const streams = new Streams(events, codec, new SystemClock(), new RandomIds(), { soleWriter: true });
  const directory = new LegacyDirectory(new Uint8Array(32).fill(2), streams, keyring);
  const commandId = new RandomIds().next();
  const actor = { kind: 'operator', id: 'bench', role: null } as const;
  const context = { commandId, actor, correlationId: commandId, causationId: commandId };
  // An import reads hashes and makes none.
  const hashes = new LegacyHashes(0, new Argon2Hasher({ memoryKiB: 8, passes: 1 }, new Uint8Array(32)));
  const importer = new LegacyImporter(directory, hashes, context);
  const { signal } = new AbortController();
  const report = `${file}.refused.jsonl`;
  const before = process.cpuUsage();
  const { ms } = await importer.run({ file, report, onProgress: () => undefined, signal });
  const { user, system } = process.cpuUsage(before);
  return { rowsASecond: (rows * 1_000) / ms, processorUs: (user + system) / rows };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(run);
