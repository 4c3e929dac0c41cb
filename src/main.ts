import { ConfigError, readSettings } from './config.js';
import { completeConfig } from './secrets-file.js';
import { startService, type Service } from './service.js';
import { ServiceLog } from './service-log.js';

const CLOSE_MS_MAX = 9_000;

/** Runs the real service until SIGINT or SIGTERM. */
export async function serve(): Promise<void> {
  const config = completeConfig(readSettings(), 'real');
  const log = new ServiceLog(config.LOG_LEVEL);
  const service = await startService(config, log);
  log.listening(service.url, config.MODE);
  runUntilStopped(service, log);
}

/** Drains at SIGINT or SIGTERM. Exits 0 after a drain, 1 when it took too long. */
export function runUntilStopped(service: Service, log: ServiceLog): void {
  const stop = (signal: string) => {
    log.stopping(signal);
    // Whatever hangs must not keep a supervisor waiting; nothing acknowledged is lost by leaving.
    setTimeout(() => process.exit(1), CLOSE_MS_MAX).unref();
    service.close().then(
      () => {
        log.stopped();
        process.exitCode = 0;
      },
      (error: unknown) => {
        log.unexpected(error);
        process.exitCode = 1;
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(signal));
}

/** What a person at the terminal is told when it cannot start. */
export function tellWhyNotStarted(error: unknown): void {
  const why = error instanceof ConfigError ? error.message : String(error);
  process.stderr.write(`Portcullis cannot start: ${why}\n`);
  process.exitCode = 1;
}

if (process.argv[1] === import.meta.filename) serve().catch(tellWhyNotStarted);
