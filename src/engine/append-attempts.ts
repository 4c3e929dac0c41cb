import { OutcomeUnknown, VersionConflict } from '../ports.js';

const CONFLICTS_MAX = 12;
const REST_MS_MAX = 100;
/** A store that leaves the outcome open again would keep the caller waiting for as many deadlines. */
const UNKNOWN_MAX = 2;

/** What went wrong while one command tried to append, and how long to go on. */
export class AppendAttempts {
  private conflicts = 0;
  private unknown = 0;
  private open: { readonly after: number; readonly error: OutcomeUnknown } | null = null;
  private readonly openIds = new Set<string>();

  /** Takes note of a failed append at `revision`; throws the error when there is no more trying. */
  failed(error: unknown, revision: number, firstEventId: string): void {
    if (error instanceof VersionConflict) {
      this.conflicts += 1;
      if (this.conflicts < CONFLICTS_MAX) return;
    }
    if (error instanceof OutcomeUnknown) {
      this.unknown += 1;
      this.open = { after: revision, error };
      this.openIds.add(firstEventId);
      if (this.unknown < UNKNOWN_MAX) return;
    }
    throw error;
  }

  /** How long to wait before the next attempt. The first time somebody merely was there before; after that another instance is at
   *  this stream, and needs one way to the store for each of its appends where this one needs two: it is let finish. */
  restMs(): number {
    if (this.conflicts < 2) return 0;
    return Math.min(REST_MS_MAX, 2 ** (this.conflicts - 1)) * (1 - Math.random() / 2);
  }

  /** Whether the event is of an append of this very command whose outcome was open. */
  wrote(eventId: string | undefined): boolean {
    return eventId !== undefined && this.openIds.has(eventId);
  }

  /** An append of unknown outcome may still land after this revision, until something else is known to have: any other answer
   *  could be a lie. */
  openAfter(revision: number): OutcomeUnknown | undefined {
    return this.open?.after === revision ? this.open.error : undefined;
  }
}
