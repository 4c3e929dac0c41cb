import type { Lead, Term } from './lease.js';
import { aborted } from './waiting.js';

/** Takes part in a lead for those who only ask, each time anew, whether it is theirs: timers, for example. */
export class LeadWatch {
  private term: Term | null = null;
  private readonly closing = new AbortController();
  private running: Promise<void> | null = null;

  constructor(private readonly lead: Lead) {}

  start(): void {
    this.running ??= this.lead.lead(async (term) => {
      this.term = term;
      await aborted(term.signal);
      this.term = null;
    }, this.closing.signal);
  }

  isHeld(): boolean {
    return this.term?.isHeld() ?? false;
  }

  async stop(): Promise<void> {
    this.closing.abort();
    await this.running;
  }
}
