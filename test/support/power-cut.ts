import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../../shared/powercut/powercut.c', import.meta.url));

export const compilerIsMissing = (): boolean => spawnSync('cc', ['--version']).status !== 0;

/** Compiles a library to be preloaded into the service, in the folder. */
export function compilePreload(sourceFile: string, folder: string): string {
  const library = join(folder, basename(sourceFile).replace(/\.c$/, '.so'));
  execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, sourceFile, '-ldl', '-pthread']);
  return library;
}

/** A folder on a disk whose power can be cut: what was not synced is then gone. */
export class PowerCut {
  private readonly folder = mkdtempSync(join(tmpdir(), 'portcullis-power-'));
  readonly dataDir = join(this.folder, 'data');
  private readonly durable = join(this.folder, 'durable');
  private readonly library: string;

  constructor() {
    this.library = compilePreload(source, this.folder);
    mkdirSync(this.dataDir, { mode: 0o700 });
    mkdirSync(this.durable);
  }

  /** Why power cannot be cut here; null where it can. */
  static whyNot(): string | null {
    if (process.platform !== 'linux') return 'it needs Linux';
    if (!existsSync(source)) return `there is no ${source}`;
    return compilerIsMissing() ? 'there is no C compiler (cc)' : null;
  }

  /** What a process needs in its environment that works on the folder. */
  get environment(): Record<string, string> {
    return { LD_PRELOAD: this.library, POWERCUT_SRC: this.dataDir, POWERCUT_DST: this.durable };
  }

  /** After the process was killed: leaves of each file that is there what was synced last. */
  cut(): void {
    const files = readdirSync(this.dataDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    // The library keeps files by their names alone.
    const names = new Set(files.map((file) => basename(file)));
    if (names.size < files.length) throw new Error(`two files have one name: ${files.join(', ')}`);
    for (const file of files) {
      rmSync(file);
      const kept = join(this.durable, basename(file));
      if (!existsSync(kept)) continue;
      copyFileSync(kept, file);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
