import type { Position } from '../ports.js';

interface Begun {
  /** The log's event before it: how far the checkpoint may come while it is unfinished. */
  readonly before: Position | null;
  finished: boolean;
}

/** Events that are begun in log order and finish in any. */
export class Unfinished {
  private readonly begun: Begun[] = [];

  get count(): number {
    return this.begun.length;
  }

  /** Returns what to call when the event is finished. */
  begin(before: Position | null): () => void {
    const event: Begun = { before, finished: false };
    this.begun.push(event);
    return () => {
      event.finished = true;
      while (this.begun[0]?.finished) this.begun.shift();
    };
  }

  /** Up to where everything is finished, when all up to `readTo` was begun. */
  finishedUpTo(readTo: Position | null): Position | null {
    const first = this.begun[0];
    return first ? first.before : readTo;
  }
}
