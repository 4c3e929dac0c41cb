import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compilePreload, compilerIsMissing } from './power-cut.js';

const source = fileURLToPath(new URL('../crash/disk-trouble.c', import.meta.url));

/** A disk that fails when it is told to, for a process that has `environment`. Files are named without their folder. */
export class DiskTrouble {
  private readonly folder = mkdtempSync(join(tmpdir(), 'portcullis-trouble-'));
  private readonly order = join(this.folder, 'order');
  readonly environment: Record<string, string> = {
    LD_PRELOAD: compilePreload(source, this.folder),
    FAULT: this.order,
  };

  /** Why no disk can be troubled here; null where it can. */
  static whyNot(): string | null {
    if (process.platform !== 'linux') return 'it needs Linux';
    return compilerIsMissing() ? 'there is no C compiler (cc)' : null;
  }

  /** From now on, and from the `nth` time on, fsync of this file fails. */
  fail(file: string, nth = 1): void {
    this.give(`fail ${file} ${nth}`);
  }

  /** From now on fsync of this file takes until `end`. */
  hold(file: string): void {
    this.give(`hold ${file}`);
  }

  /** From now on there is no room for more of this file. */
  full(file: string): void {
    this.give(`full ${file}`);
  }

  /** Resolves when the trouble has struck. */
  async struck(): Promise<void> {
    while (!existsSync(`${this.order}.struck`)) await new Promise((resume) => setTimeout(resume, 2));
  }

  end(): void {
    rmSync(this.order, { force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private give(order: string): void {
    rmSync(`${this.order}.struck`, { force: true });
    // In one step: it is read at any moment.
    writeFileSync(`${this.order}.new`, order);
    renameSync(`${this.order}.new`, this.order);
  }
}
