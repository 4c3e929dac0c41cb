import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Argon2Hasher } from '../../src/adapters/argon2-hasher.js';
import { LegacyHashes } from '../../src/adapters/legacy-hashes.js';
import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { RandomIds } from '../../src/adapters/system.js';
import { pieces } from '../../src/cli/legacy-generate.js';
import { LegacyDirectory } from '../../src/commands/legacy-directory.js';
import { LegacyImporter } from '../../src/control/import-legacy.js';
import { legacyAccountDecider } from '../../src/domain/legacy-account/legacy-account.js';
import type { LegacyRecord } from '../../src/domain/legacy-account/record.js';
import { Codec } from '../../src/engine/codec.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { Streams } from '../../src/engine/streams.js';
import { record } from '../domain/legacy-account/past.js';
import { FixedClock } from '../support/counters.js';
import { command } from '../support/tally.js';

const folder = mkdtempSync(join(tmpdir(), 'portcullis-import-'));
const report = join(folder, 'refused.jsonl');
afterAll(() => rmSync(folder, { recursive: true }));

const HASH = '{SSHA}bAPHrnNX12gTYBGtVDBPPbcC4mS7sL0x8kqYxTgmNQ==';
const account = (legacyUserId: string, more: Partial<LegacyRecord> = {}): LegacyRecord => ({
  ...record,
  passwordHash: HASH,
  legacyUserId,
  ...more,
});
const jsonLines = (...lines: object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** A log of its own, and one importer after the other on it. */
class Imports {
  readonly events = EmbeddedEventStore.openInMemory();
  readonly keyring = new Keyring(EmbeddedKeyStore.openInMemory(), masterKey(new Uint8Array(32).fill(1)));
  private readonly codec = new Codec([legacyAccountDecider], this.keyring);
  private readonly clock = new FixedClock();
  directory = this.restarted();
  private runs = 0;

  restarted(): LegacyDirectory {
    const streams = new Streams(this.events, this.codec, this.clock, new RandomIds(), { soleWriter: true });
    return (this.directory = new LegacyDirectory(new Uint8Array(32).fill(2), streams, this.keyring));
  }

  async run(text: string, directory: Pick<LegacyDirectory, 'expect' | 'take'> = this.directory) {
    const file = join(folder, 'directory');
    writeFileSync(file, text);
    this.runs += 1;
    const hashes = new LegacyHashes(0, new Argon2Hasher({ memoryKiB: 8, passes: 1 }, Buffer.from('pepper')));
    const importer = new LegacyImporter(directory, hashes, command(`run-${this.runs}`));
    const { signal } = new AbortController();
    const { ms: _, ...counts } = await importer.run({ file, report, onProgress: () => undefined, signal });
    return counts;
  }

  async logged(): Promise<string[]> {
    return (await this.events.readLog(null, 10_000)).map(({ type }) => type);
  }
}

const told = () =>
  readFileSync(report, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
const none = { imported: 0, changed: 0, unchanged: 0, refused: 0, report: null };

let imports: Imports;
beforeEach(() => {
  imports = new Imports();
});

describe('an import of the legacy directory', () => {
  it('appends nothing the second time, also after a restart', async () => {
    const text = [...pieces({ rows: 800, seed: 3, format: 'csv' })].join('');
    expect(await imports.run(text)).toEqual({ ...none, imported: 800 });
    const before = await imports.logged();
    expect(await imports.run(text)).toEqual({ ...none, unchanged: 800 });
    imports.restarted();
    expect(await imports.run(text)).toEqual({ ...none, unchanged: 800 });
    expect(await imports.logged()).toEqual(before);
  });

  it('takes lines as short as they come: thousands in one piece of the file', async () => {
    const short = { givenName: 'A', familyName: 'B', email: '', company: '', tradeAccounts: [] };
    const lines = Array.from({ length: 2_500 }, (_, index) => account(`U${index}`, short));
    const columns = 'legacyUserId,status,givenName,familyName,email,company,tradeAccounts,passwordHash';
    const csv = lines.map(({ legacyUserId }) => `${legacyUserId},Active,A,B,,,,${HASH}`);
    expect(await imports.run([columns, ...csv].join('\n'))).toEqual({ ...none, imported: 2_500 });
    expect(await imports.run(jsonLines(...lines))).toEqual({ ...none, unchanged: 2_500 });
  });

  it('appends what changed, and the new', async () => {
    await imports.run(jsonLines(account('A'), account('B')));
    const counts = await imports.run(
      jsonLines(account('a ', { legacyUserId: 'A' }), account('B', { status: 'Inactive' }), account('C')),
    );
    expect(counts).toEqual({ ...none, imported: 1, changed: 1, unchanged: 1 });
    expect((await imports.logged()).sort()).toEqual([
      'LegacyAccountChanged',
      ...Array<string>(3).fill('LegacyAccountImported'),
    ]);
  });

  it('refuses rows, each with its line and reason, and takes over the rest', async () => {
    const hash = '$2b$31$abcdefghijklmnopqrstuuw4D5m0gQm8nVSmYZkWn2s8tXb3vJ9Ka';
    const text = jsonLines(
      account('A'),
      account('B', { passwordHash: hash }),
      account('a', { company: 'X' }),
      { x: 1 },
      account('C'),
    );
    expect(await imports.run(text)).toEqual({ ...none, imported: 2, refused: 3, report });
    expect(told()).toEqual(
      expect.arrayContaining([
        { line: 2, reasons: ['passwordHash: costs more to compare with than is allowed here'] },
        { line: 3, reasons: ['Line 1 has the same legacy user id.'] },
        { line: 4, reasons: expect.arrayContaining([expect.stringContaining('legacyUserId: ')]) },
      ]),
    );
    expect(await imports.run(text)).toEqual({ ...none, unchanged: 2, refused: 3, report });
  });

  it('leaves no report of an earlier import behind', async () => {
    await imports.run('{}\n');
    expect(existsSync(report)).toBe(true);
    await imports.run(jsonLines(account('A')));
    expect(existsSync(report)).toBe(false);
  });

  it('goes on with the same file where a failure stopped it', async () => {
    const text = jsonLines(...Array.from({ length: 40 }, (_, index) => account(`USER${index}`)));
    let left = 25;
    const failing = {
      expect: (ids: readonly string[]) => imports.directory.expect(ids),
      take: async (...row: Parameters<LegacyDirectory['take']>) => {
        left -= 1;
        if (left < 0) throw new Error('the disk is full');
        return imports.directory.take(...row);
      },
    };
    await expect(imports.run(text, failing)).rejects.toThrow('the disk is full');
    const { imported, unchanged } = await imports.run(text);
    expect({ imported, unchanged }).toEqual({ imported: 15, unchanged: 25 });
  });

  it('does not bring back a person who was erased', async () => {
    await imports.run(jsonLines(account('A'), account('B')));
    await imports.keyring.erase(imports.directory.idOf('A'));
    imports.restarted();
    expect(await imports.run(jsonLines(account('A'), account('B')))).toEqual({
      ...none,
      unchanged: 1,
      refused: 1,
      report,
    });
    expect(told()).toEqual([{ line: 1, reasons: ['This person was erased, and stays so.'] }]);
  });

  it('tells nothing personal in the clear', async () => {
    await imports.run(jsonLines(account('A')));
    const stored = JSON.stringify(await imports.events.readLog(null, 10));
    for (const secret of ['Okafor', 'harbor', '12-3456789', HASH]) expect(stored).not.toContain(secret);
  });
});
