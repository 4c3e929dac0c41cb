import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Asked, Ready, Told } from './http-service-child.js';

/** The service in a process of its own, on files, with people in it. */
export class HttpService {
  private constructor(
    private readonly child: ChildProcess,
    private readonly directory: string,
    readonly ready: Ready,
  ) {}

  static async start(): Promise<HttpService> {
    const directory = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
    const child = fork(fileURLToPath(new URL('./http-service-child.js', import.meta.url)), {
      env: {
        ...process.env,
        DATA_DIR: directory,
        PORT: '0',
        LOG_LEVEL: 'error',
        CLIENT_FAILURES_MAX: '1000000',
        UV_THREADPOOL_SIZE: String(availableParallelism() + 2),
      },
    });
    const [ready] = (await once(child, 'message')) as [Ready];
    return new HttpService(child, directory, ready);
  }

  async ask(what: Asked): Promise<Told> {
    this.child.send(what);
    const [told] = (await once(this.child, 'message')) as [Told];
    return told;
  }

  async stop(): Promise<void> {
    this.child.send('stop' satisfies Asked);
    await once(this.child, 'exit');
    rmSync(this.directory, { recursive: true });
  }
}
