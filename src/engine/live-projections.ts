import type { ParkedStream, Position } from '../ports.js';
import { isBefore } from './positions.js';

/** How a projection stands. */
export interface ProjectionState {
  readonly name: string;
  /** Up to where its view reflects the log; null before the first event. */
  readonly position: Position | null;
  readonly parkedCount: number;
  /** Why it does not go on just now; null while all is well. */
  readonly failure: string | null;
}

interface Waiter {
  readonly position: Position;
  readonly resolve: (reached: boolean) => void;
}

/** The projections at work, wherever that is: in this thread (`Projector`) or in one of their own (`ProjectionThread`). */
export abstract class LiveProjections {
  /** Called after each change of a projection's state. */
  onChange: (state: ProjectionState) => void = () => undefined;
  private readonly known = new Map<string, ProjectionState>();
  private readonly waiters = new Map<string, Set<Waiter>>();

  constructor(names: readonly string[]) {
    for (const name of names) this.known.set(name, { name, position: null, parkedCount: 0, failure: null });
  }

  abstract start(): void;

  /** Folds the stream's documents again from its first event, and lets the stream go on. Returns where it parked again, if it did.
   *  Also how views forget an erased person. */
  abstract refold(projection: string, stream: string): Promise<ParkedStream | null>;

  /** Resolves when this writes the view no more. */
  abstract pause(projection: string): Promise<void>;

  /** Goes on from the checkpoint that stands in the store by now. */
  abstract resume(projection: string): Promise<void>;

  /** Ends after the page at hand. */
  abstract close(): Promise<void>;

  states(): ProjectionState[] {
    return [...this.known.values()];
  }

  /** True as soon as the view reflects the log up to `position`; false when it does not within so long. */
  waitFor(projection: string, position: Position, timeoutMs: number): Promise<boolean> {
    const state = this.known.get(projection);
    if (!state) return Promise.reject(new Error(`there is no projection ${projection}`));
    if (reaches(state, position)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiters = this.waiters.get(projection) ?? new Set();
      this.waiters.set(projection, waiters);
      const answer = (reached: boolean) => {
        clearTimeout(timer);
        waiters.delete(waiter);
        resolve(reached);
      };
      const waiter: Waiter = { position, resolve: answer };
      const timer = setTimeout(answer, timeoutMs, false);
      waiters.add(waiter);
    });
  }

  protected changed(state: ProjectionState): void {
    this.known.set(state.name, state);
    for (const waiter of this.waiters.get(state.name) ?? []) {
      if (reaches(state, waiter.position)) waiter.resolve(true);
    }
    this.onChange(state);
  }
}

const reaches = (state: ProjectionState, position: Position): boolean => !isBefore(state.position, position);
