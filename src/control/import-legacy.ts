import { rmSync, statSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Imported, LegacyDirectory } from '../commands/legacy-directory.js';
import { DomainError } from '../domain/domain-error.js';
import { PersonErasedError } from '../engine/sealing.js';
import type { CommandContext } from '../engine/streams.js';
import type { LegacySecrets } from '../ports.js';
import { ActRefused, type ImportedDirectory, type Progress } from './acts.js';
import { fingerprintOf, legacyRows, type LegacyRow, type RefusedRow } from './legacy-file.js';

/** Enough that the log's writer always has a full group to commit. */
const IN_FLIGHT = 256;

export interface LegacyImport {
  readonly file: string;
  /** Gets a line of JSON for each row refused; there is none when none was. */
  readonly report: string;
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/** Takes over the accounts of a file in constant memory. What was taken over stays so when it stops half-way: the same file again
 *  appends what is missing. Throws `ActRefused`, and the store's errors. */
export class LegacyImporter {
  constructor(
    private readonly directory: Pick<LegacyDirectory, 'expect' | 'take'>,
    private readonly secrets: Pick<LegacySecrets, 'mistakeIn'>,
    private readonly context: CommandContext,
  ) {}

  async run({ file, report, onProgress, signal }: LegacyImport): Promise<ImportedDirectory> {
    const total = sizeOf(file);
    const startedAt = performance.now();
    const refusals = new Refusals(report);
    const counts = { imported: 0, changed: 0, unchanged: 0 };
    const name = await fingerprintOf(file, signal);
    const lanes = new Lanes(IN_FLIGHT);
    // A directory is mostly new, or mostly known: as the rows before it were, so the next one is likely to be.
    let latest: Imported = 'imported';
    const dealWith = async (row: LegacyRow) => {
      const outcome = await this.take(row, name, latest === 'imported');
      if (typeof outcome !== 'string') return refusals.write(outcome);
      latest = outcome;
      counts[outcome] += 1;
    };
    try {
      for await (const { rows, bytes } of legacyRows(file, signal)) {
        const expected = rows.flatMap((row) => ('record' in row ? [row.record.legacyUserId] : []));
        await this.directory.expect(expected);
        for (const row of rows) await lanes.run(() => dealWith(row));
        onProgress({ done: bytes, total });
      }
    } finally {
      await lanes.done().finally(() => refusals.close());
    }
    const ms = Math.round(performance.now() - startedAt);
    return { ...counts, refused: refusals.count, report: refusals.count > 0 ? report : null, ms };
  }

  private async take(row: LegacyRow, file: string, isNew: boolean): Promise<Imported | RefusedRow> {
    if ('reasons' in row) return row;
    const { line, record } = row;
    const mistake = this.secrets.mistakeIn(record.passwordHash);
    if (mistake !== null) return { line, reasons: [`passwordHash: ${mistake}`] };
    try {
      const context = { ...this.context, commandId: `${this.context.commandId}:${line}` };
      return await this.directory.take(record, { file, line }, context, isNew);
    } catch (error) {
      if (error instanceof DomainError) return { line, reasons: [error.message] };
      if (error instanceof PersonErasedError) {
        return { line, reasons: ['This person was erased, and stays so.'] };
      }
      throw error;
    }
  }
}

function sizeOf(file: string): number {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) throw new ActRefused('NoFile', `${file} is no file that the service can read.`);
  return found.size;
}

/** So much work at a time; the first failure ends it. */
class Lanes {
  private running = 0;
  private failure: { readonly error: unknown } | null = null;
  private onEnd: () => void = () => undefined;

  constructor(private readonly most: number) {}

  /** Resolves when the work has begun. Throws what earlier work threw. */
  async run(work: () => Promise<void>): Promise<void> {
    await this.fewerThan(this.most);
    this.throwFailure();
    this.running += 1;
    void work()
      .catch((error: unknown) => void (this.failure ??= { error }))
      .finally(() => {
        this.running -= 1;
        this.onEnd();
      });
  }

  /** Resolves when nothing runs any more. Throws what some work threw. */
  async done(): Promise<void> {
    await this.fewerThan(1);
    this.throwFailure();
  }

  private async fewerThan(most: number): Promise<void> {
    while (this.running >= most) await new Promise<void>((resolve) => (this.onEnd = resolve));
  }

  private throwFailure(): void {
    if (this.failure) throw this.failure.error;
  }
}

/** The report: made with the first refusal. One of an earlier run is removed. */
class Refusals {
  count = 0;
  private file: FileHandle | null = null;
  private written: Promise<void> = Promise.resolve();

  constructor(private readonly path: string) {
    rmSync(path, { force: true });
  }

  write(row: RefusedRow): Promise<void> {
    this.count += 1;
    this.written = this.written.then(() => this.append(row));
    return this.written;
  }

  async close(): Promise<void> {
    await this.file?.close();
  }

  private async append(row: RefusedRow): Promise<void> {
    this.file ??= await open(this.path, 'w', 0o600);
    await this.file.write(`${JSON.stringify(row)}\n`);
  }
}
