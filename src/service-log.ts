import { pino, type Logger } from 'pino';
import { ErrorLog } from './http/problem-filter.js';
import { JobLog } from './jobs/job-log.js';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';

/** JSON lines by allow-list: each method says what it writes. No URL, header, body or message of foreign make gets in. */
export class ServiceLog implements ErrorLog, JobLog {
  private readonly pino: Logger;

  constructor(level: LogLevel) {
    this.pino = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  }

  listening(url: string, mode: string): void {
    this.pino.info({ url, mode }, 'listening');
  }

  stopping(signal: string): void {
    this.pino.info({ signal }, 'stopping');
  }

  stopped(): void {
    this.pino.info('stopped');
  }

  /** A fault of ours: what it is and where, not what it says. */
  unexpected(error: unknown): void {
    this.pino.error(described(error), 'unexpected error');
  }

  failed(job: string, error: unknown): void {
    this.pino.error({ job, ...described(error) }, 'job failed');
  }

  /** Something outside fails and is being tried again. */
  trouble(what: string, error: unknown): void {
    this.pino.warn({ what, ...described(error) }, 'trouble');
  }

  mailRefused(eventType: string): void {
    this.pino.warn({ eventType }, 'mail refused for good');
  }
}

/** An error's message may quote what it choked on; its name, code and place in our code may not. */
function described(error: unknown): { error: string; code?: string; at: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, at: [] };
  const { name, code, stack } = error as Error & { code?: unknown };
  const at = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    error: name,
    ...(typeof code === 'string' && { code }),
    at: at.slice(0, 8).map((line) => line.trim()),
  };
}
