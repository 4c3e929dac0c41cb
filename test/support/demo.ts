import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';

export interface RunningDemo {
  readonly url: string;
  readonly adminUrl: string;
  /** What it printed for people. */
  readonly welcome: string;
  /** Ctrl-C; returns the exit code. */
  stop(): Promise<number | null>;
}

/** `portcullis serve --demo` in a process of its own, as built, on free ports. */
export async function startDemo(dataDir: string): Promise<RunningDemo> {
  if (!existsSync('dist/cli.js'))
    throw new Error('dist is missing: build first, or run the tests with npm test');
  const child = spawn(process.execPath, ['dist/cli.js', 'serve', '--demo'], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: '0', HASH_MEMORY_KIB: '8', HASH_PASSES: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  let welcome = '';
  child.stdout.setEncoding('utf8');
  for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
    welcome += text as string;
    if (welcome.includes('Ctrl-C')) break;
  }
  const address = (name: string) => new RegExp(`${name} +(http://[\\d.:]+)/`).exec(welcome)?.[1] ?? '';
  return {
    url: address('Portal'),
    adminUrl: address('Mailbox'),
    welcome,
    stop: async () => {
      child.kill('SIGINT');
      return (await exited)[0];
    },
  };
}
