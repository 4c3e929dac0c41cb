import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** Another build than dist/ can be put to the test, such as one that was broken on purpose. */
const cli = process.env.PORTCULLIS_CLI ?? fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
if (!existsSync(cli)) throw new Error('dist/ is missing: build first (npm run build), as npm test does');

/** For a test that starts processes: enough for a machine that is busy with others. */
export const PATIENCE_MS = 60_000;

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  /** As Ctrl-C does; returns the exit code. */
  stop(): Promise<number | null>;
  /** As a crash does. */
  kill(): Promise<void>;
}

/** A DATA_DIR of its own, with the built command line as people run it. */
export class Installation {
  readonly folder = mkdtempSync(join(tmpdir(), 'portcullis-cli-'));
  readonly dataDir: string;
  private readonly processes = new Set<ChildProcess>();

  constructor(
    private readonly settings: Record<string, string> = {},
    dataDir?: string,
  ) {
    this.dataDir = dataDir ?? join(this.folder, 'data');
  }

  /** A path beside the data. */
  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  async run(...args: string[]): Promise<Outcome> {
    const child = this.start(args);
    const [out, err, code] = await Promise.all([text(child.stdout!), text(child.stderr!), exited(child)]);
    return { code, out, err };
  }

  /** As `| head` does: nobody reads what it prints. */
  async runUnread(...args: string[]): Promise<Omit<Outcome, 'out'>> {
    const child = this.start(args);
    child.stdout!.destroy();
    const [err, code] = await Promise.all([text(child.stderr!), exited(child)]);
    return { code, err };
  }

  /** Runs a command that must succeed, and returns what it printed. */
  async must(...args: string[]): Promise<string> {
    const { code, out, err } = await this.run(...args);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}${out}`);
    return out;
  }

  async json<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.must(...args, '--json')) as T;
  }

  async serve(): Promise<ServiceProcess> {
    const child = this.start(['serve']);
    const ended = exited(child);
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout! })) {
      lines.push(line);
      if (!line.includes('"listening"')) continue;
      child.stdout!.resume();
      child.stderr!.resume();
      const { url } = JSON.parse(line) as { url: string };
      const end = async (signal: NodeJS.Signals) => {
        child.kill(signal);
        return ended;
      };
      return {
        url,
        pid: child.pid!,
        stop: () => end('SIGINT'),
        kill: async () => void (await end('SIGKILL')),
      };
    }
    throw new Error(`the service did not start: ${lines.join('\n')}${await text(child.stderr!)}`);
  }

  async remove(): Promise<void> {
    for (const child of this.processes) child.kill('SIGKILL');
    await Promise.all([...this.processes].map(exited));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private start(args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [cli, ...args], {
      env: {
        PATH: process.env.PATH,
        DATA_DIR: this.dataDir,
        PORT: '0',
        PUBLIC_URL: 'https://portal.example',
        UNIFORM_ANSWER_MS: '0',
        HASH_MEMORY_KIB: '8',
        HASH_PASSES: '1',
        ...this.settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.processes.add(child);
    child.once('exit', () => this.processes.delete(child));
    return child;
  }
}

const exited = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', (code) => resolve(code));
  });
