import { ConfigError, readSettings } from './config.js';
import type { Mode } from './domain/service/log-mark.js';
import { completeConfig } from './secrets-file.js';
import { startService } from './service.js';
import { ServiceLog } from './service-log.js';

const CLOSE_MS_MAX = 9_000;

/** Runs the service until SIGINT or SIGTERM, then drains. Exits 0 after a drain, 1 when it could not start or stop in time. */
export async function serve(mode: Mode): Promise<void> {
  const config = completeConfig(readSettings(), mode);
  const log = new ServiceLog(config.LOG_LEVEL);
  const service = await startService(config, log);
  log.listening(service.url, mode);
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

if (process.argv[1] === import.meta.filename) {
  serve('real').catch((error: unknown) => {
    process.stderr.write(
      `portcullis cannot start: ${error instanceof ConfigError ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  });
}
