import type { Refusal } from './refusals.js';

export type Method = 'append' | 'batchAppend' | 'delete' | 'tombstone' | 'read' | 'features' | 'gossip';

/** What goes wrong with a call. `written`: it goes wrong only after the work was done. */
export type Fault =
  | { readonly kind: 'refused'; readonly with: Refusal; readonly written?: boolean }
  | { readonly kind: 'dropped'; readonly written?: boolean }
  | { readonly kind: 'silent'; readonly written?: boolean }
  | { readonly kind: 'delayed'; readonly ms: number }
  /** The answer comes twice; appends by batch only. */
  | { readonly kind: 'repeated' }
  /** The answer ends after so many events (dropped without `with`); reads and subscriptions only. */
  | { readonly kind: 'brokenOff'; readonly after: number; readonly with?: Refusal };

interface Injected {
  readonly fault: Fault;
  readonly on: readonly Method[];
  calls: number;
}

/** Troubles to come, in the order in which they were injected. */
export class Faults {
  private injected: Injected[] = [];

  /** For the next `calls` calls (without: all) of these methods. Returns what lifts it. */
  inject(fault: Fault, on: readonly Method[], calls = Infinity): () => void {
    const injected = { fault, on, calls };
    this.injected.push(injected);
    return () => {
      this.injected = this.injected.filter((other) => other !== injected);
    };
  }

  take(method: Method): Fault | null {
    const next = this.injected.find(({ on }) => on.includes(method));
    if (!next) return null;
    next.calls--;
    if (next.calls <= 0) this.injected = this.injected.filter((other) => other !== next);
    return next.fault;
  }
}
