import type { Position, RecordedEvent } from '../ports.js';

/** The end of the log in memory: without gaps from `floor` (exclusive) on, bounded in number and size. */
export class RecentEvents {
  private events: RecordedEvent[] = [];
  /** Index of the oldest event that still counts; those before it wait to be cut off together. */
  private first = 0;
  private characters = 0;

  constructor(
    /** What comes after this position is here. */
    private floor: Position | null,
    private readonly eventsMax: number,
    private readonly charactersMax: number,
  ) {}

  /** Takes events that follow on the newest one. */
  add(batch: readonly RecordedEvent[]): void {
    for (const event of batch) {
      this.events.push(event);
      this.characters += sizeOf(event);
    }
    while (this.events.length - this.first > this.eventsMax || this.characters > this.charactersMax) {
      const oldest = this.events[this.first]!;
      this.characters -= sizeOf(oldest);
      this.floor = oldest.position;
      this.first += 1;
    }
    if (this.first * 2 > this.events.length) {
      this.events = this.events.slice(this.first);
      this.first = 0;
    }
  }

  /** The events after a position; null when this does not reach back that far. */
  after(position: Position | null, limit: number): readonly RecordedEvent[] | null {
    const index = this.indexAfter(position);
    return index === null ? null : this.events.slice(index, index + limit);
  }

  /** How many events come after a position; not exact, but the least that it can be, when this does not reach back that far. */
  countAfter(position: Position | null): { readonly events: number; readonly exact: boolean } {
    const index = this.indexAfter(position);
    if (index === null) return { events: this.events.length - this.first + 1, exact: false };
    return { events: this.events.length - index, exact: true };
  }

  private indexAfter(position: Position | null): number | null {
    if (this.floor !== null && (position === null || position < this.floor)) return null;
    if (position === null) return this.first;
    let [low, high] = [this.first, this.events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.events[middle]!.position <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const sizeOf = (event: RecordedEvent): number => event.data.length + event.metadata.length;
