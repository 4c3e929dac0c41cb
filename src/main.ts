import { sentenceOf } from './cli/failures.js';
import { readSettings } from './config.js';
import { completeConfig } from './secrets-file.js';
import { startService, type Service } from './service.js';
import { ServiceLog } from './service-log.js';

const CLOSE_MS_MAX = 9_000;
const LINGER_MS = 500;

/** Runs the real service until SIGINT or SIGTERM. */
export async function serve(): Promise<void> {
  const config = completeConfig(readSettings(), 'real');
  const log = new ServiceLog(config.LOG_LEVEL);
  const { url } = await runUntilStopped(() => startService(config, log), log);
  log.listening(url, config.MODE);
}

/** Starts, and drains at SIGINT or SIGTERM, also one that comes during the start. Exits 0 after a drain, 1 when it took too long. */
export function runUntilStopped(start: () => Promise<Service>, log: ServiceLog): Promise<Service> {
  const stop = async (signal: string): Promise<void> => {
    log.stopping(signal);
    // Whatever hangs must not keep a supervisor waiting; nothing acknowledged is lost by leaving.
    setTimeout(() => process.exit(1), CLOSE_MS_MAX).unref();
    // Whoever awaits the start tells why it failed.
    const service = await starting.catch(() => null);
    if (service === null) return;
    try {
      await service.close();
      log.stopped();
      process.exitCode = 0;
      // A driver may leave a connection behind that a server holds half open.
      setTimeout(() => process.exit(0), LINGER_MS).unref();
    } catch (error) {
      log.unexpected(error);
      process.exitCode = 1;
    }
  };
  // Before the first file is touched.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(signal));
  const starting = start();
  return starting;
}

/** What a person at the terminal is told when it cannot start. */
export function tellWhyNotStarted(error: unknown): void {
  process.stderr.write(`Portcullis cannot start: ${sentenceOf(error)}\n`);
  process.exitCode = 1;
}

if (process.argv[1] === import.meta.filename) serve().catch(tellWhyNotStarted);
