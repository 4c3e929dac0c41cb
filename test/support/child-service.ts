import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { completeConfig } from '../../src/secrets-file.js';
import { readSettings, type Config } from '../../src/config.js';

const warmChild = fileURLToPath(new URL('./warm-child.mjs', import.meta.url));
/** Another build than dist/ can be put to the test, such as one that was broken on purpose. */
const main = process.env.PORTCULLIS_MAIN ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));

const settings = {
  PORT: '0',
  PUBLIC_URL: 'https://portal.example',
  HASH_MEMORY_KIB: '8',
  HASH_PASSES: '1',
  UNIFORM_ANSWER_MS: '0',
  LOCKOUT_MINUTES: '0',
  CLIENT_FAILURES_MAX: '1000000',
  CLIENT_REQUESTS_MAX: '1000000',
  LOG_LEVEL: 'info',
};

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One line of the service's log. */
type LogLine = Readonly<Record<string, unknown>> & { readonly level: number; readonly msg: string };

const LEVEL_ERROR = 50;
const running = new Set<ChildService>();

/** The real service in a process of its own, on the files of a DATA_DIR. */
export class ChildService {
  readonly log: LogLine[] = [];
  /** What it told on stderr, once it has ended. */
  readonly stderr: Promise<string>;
  readonly exited: Promise<Exit>;
  private address: string | null = null;

  private constructor(
    private readonly child: ChildProcess,
    private readonly warm: Promise<unknown>,
  ) {
    running.add(this);
    this.stderr = text(child.stderr!);
    this.exited = once(child, 'close').then(([code, signal]) => {
      running.delete(this);
      return { code, signal } as Exit;
    });
    createInterface({ input: child.stdout! }).on('line', (line) => this.log.push(parsed(line)));
  }

  /** A process with all code loaded, which waits to be started. */
  static prepare(dataDir: string, environment: Record<string, string> = {}): ChildService {
    const child = spawn(process.execPath, [warmChild, main], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...settings, DATA_DIR: dataDir, ...environment },
    });
    return new ChildService(child, once(child, 'message'));
  }

  static async start(dataDir: string, environment: Record<string, string> = {}): Promise<ChildService> {
    const service = ChildService.prepare(dataDir, environment);
    await service.start();
    return service;
  }

  /** Where it listens. */
  get url(): string {
    if (this.address === null) throw new Error('the service does not listen yet');
    return this.address;
  }

  get processId(): number {
    return this.child.pid!;
  }

  /** Resolves when it begins to start. */
  async begin(): Promise<void> {
    await Promise.race([this.warm, this.exited.then(() => this.tellWhyEnded())]);
    this.child.send('start');
  }

  /** Resolves when it listens. Throws with what it said when it ends instead. */
  async start(): Promise<void> {
    await this.begin();
    await this.listening();
  }

  async listening(): Promise<void> {
    for (;;) {
      const line = this.log.find(({ msg }) => msg === 'listening');
      if (line) {
        this.address = line.url as string;
        return;
      }
      if (this.child.exitCode !== null || this.child.signalCode !== null) await this.tellWhyEnded();
      await new Promise((resume) => setTimeout(resume, 5));
    }
  }

  private async tellWhyEnded(): Promise<never> {
    const { exitCode, signalCode } = this.child;
    throw new Error(`the service ended (${exitCode ?? signalCode}): ${await this.stderr}`);
  }

  /** kill -9. Resolves when the process is gone. */
  kill(): Promise<Exit> {
    return this.stop('SIGKILL');
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    this.child.kill(signal);
    return this.exited;
  }

  /** Faults of its own that it logged: there must be none, whatever happens to it. */
  get faults(): LogLine[] {
    return this.log.filter(({ level }) => level >= LEVEL_ERROR);
  }

  /** The configuration of the service that ran in this folder, with its secrets. */
  static configOf(dataDir: string, environment: Readonly<Record<string, string>> = {}): Config {
    return completeConfig(readSettings({ ...settings, DATA_DIR: dataDir, ...environment }), 'real', 'refuse');
  }
}

/** Kills what a failed test left running. */
export async function killLeftovers(): Promise<void> {
  await Promise.all([...running].map((service) => service.kill()));
}

/** A kill may cut the last line. */
function parsed(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { level: 0, msg: line };
  }
}
