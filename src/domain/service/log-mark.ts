import { z } from 'zod';
import type { Decider, Decision } from '../decider.js';
import { DomainError } from '../domain-error.js';
import { defineEvents } from '../events.js';

export const mode = z.enum(['real', 'demo']);
export type Mode = z.infer<typeof mode>;

export const logMarkEvents = defineEvents({
  LogBegun: { mode },
  /** The demo's data set is complete. */
  DemoFilled: {},
});

/** What the log is for: its first event, in a stream of its own. Demo data and real data never meet. */
export interface LogMark {
  readonly mode: Mode | null;
  readonly filled: boolean;
}

export const logMarkDecider: Decider<typeof logMarkEvents, LogMark> = {
  category: 'log',
  events: logMarkEvents,
  initial: { mode: null, filled: false },
  evolve(mark, event) {
    switch (event.type) {
      case 'LogBegun':
        return { ...mark, mode: event.data.mode };
      case 'DemoFilled':
        return { ...mark, filled: true };
      default:
        event satisfies never;
        return mark;
    }
  },
};

export const LOG_MARK_ID = 'mark';

/** Marks a new log. Throws `OtherMode` where a log of the other mode stands. */
export const beginLog =
  (wanted: Mode): Decision<typeof logMarkEvents, LogMark> =>
  (mark) => {
    if (mark.mode === null) return [{ type: 'LogBegun', data: { mode: wanted } }];
    if (mark.mode === wanted) return [];
    throw new DomainError(
      'OtherMode',
      `This log was begun by a ${mark.mode} service, and this is a ${wanted} one.`,
    );
  };

export const finishFilling = (): Decision<typeof logMarkEvents, LogMark> => (mark) =>
  mark.filled ? [] : [{ type: 'DemoFilled', data: {} }];
