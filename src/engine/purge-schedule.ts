import type { Instant, Position } from '../ports.js';

const KEPT_MS = 3_600_000;
const MARK_EVERY_MS = 600_000;

/** When what is left of deleted documents may go: an hour after the checkpoint passed them, when no other projector can still be
 *  so far behind that it would make them again. */
export class PurgeSchedule {
  private readonly marks: { readonly position: Position; readonly at: Instant }[] = [];

  /** Notes how far the checkpoint came; returns the position up to which to purge, if it is time for that. */
  reached(position: Position, now: Instant): Position | null {
    const newest = this.marks.at(-1);
    if (!newest || now - newest.at >= MARK_EVERY_MS) this.marks.push({ position, at: now });
    let due: Position | null = null;
    while (this.marks[0] && now - this.marks[0].at >= KEPT_MS) due = this.marks.shift()!.position;
    return due;
  }
}
