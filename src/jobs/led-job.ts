import type { LeadWatch } from '../engine/lead-watch.js';
import type { JobLog } from './job-log.js';

/** Work that comes back: one run at a time, at the instance that leads, until it is stopped. */
export abstract class LedJob {
  /** Aborts when nothing new is to be begun. */
  protected readonly stopping = new AbortController();
  private running: Promise<unknown> | null = null;

  constructor(
    private readonly name: string,
    protected readonly log: JobLog,
    private readonly lead: LeadWatch,
  ) {}

  /** One run, which looks again and again whether it goes on. */
  abstract run(goesOn?: () => boolean): Promise<unknown>;

  protected async turn(): Promise<void> {
    const goesOn = () => !this.stopping.signal.aborted && this.lead.isHeld();
    if (this.running !== null || !goesOn()) return;
    this.running = this.run(goesOn);
    try {
      await this.running;
    } catch (error) {
      // The next turn finds the same work again.
      this.log.failed(this.name, error);
    } finally {
      this.running = null;
    }
  }

  /** Begins nothing new and waits for what is at hand. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running?.catch(() => undefined);
  }
}
