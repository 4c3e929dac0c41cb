import { z } from 'zod';
import type { Decider, Decision } from '../../src/domain/decider.js';
import { DomainError } from '../../src/domain/domain-error.js';
import type { EventShapes, NewEvent, PastEvent } from '../../src/domain/events.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** When every story begins: 2026-03-02T09:00:00Z. */
export const T0 = Date.UTC(2026, 2, 2, 9);

type Told<E> = E | readonly E[];

/** Tells a stream's past, takes one decision, and compares what it makes of it: `given(a, b).after(ms).when(d).then(c)`. */
export const storyOf =
  <S extends EventShapes, State>(decider: Decider<S, State>) =>
  (...past: Told<NewEvent<S>>[]): Story<S, State> =>
    new Story(decider, decider.initial, T0).and(...past);

class Story<S extends EventShapes, State> {
  constructor(
    private readonly decider: Decider<S, State>,
    readonly state: State,
    readonly now: number,
  ) {}

  /** Time passes. */
  after(ms: number): Story<S, State> {
    return new Story(this.decider, this.state, this.now + ms);
  }

  and(...past: Told<NewEvent<S>>[]): Story<S, State> {
    const events = past.flat() as PastEvent<S>[];
    const state = events.reduce((known, event) => this.decider.evolve(known, event, this.now), this.state);
    return new Story(this.decider, state, this.now);
  }

  when(decision: Decision<S, State>): Outcome<S, State> {
    try {
      const events = decision(this.state, this.now);
      for (const { type, data } of events) z.strictObject(this.decider.events[type]!).parse(data);
      return new Outcome(this, events, null);
    } catch (error) {
      return new Outcome(this, [], error);
    }
  }
}

class Outcome<S extends EventShapes, State> {
  constructor(
    private readonly story: Story<S, State>,
    readonly events: readonly NewEvent<S>[],
    private readonly refusal: unknown,
  ) {}

  /** Exactly these events; the story goes on with them. */
  then(...expected: Told<NewEvent<S>>[]): Story<S, State> {
    if (this.refusal !== null) throw this.refusal;
    expect(this.events).toEqual(expected.flat());
    return this.story.and(this.events);
  }

  thenNothing(): Story<S, State> {
    return this.then();
  }

  thenRefused(code: string): void {
    expect({ refusal: this.refusal, events: this.events }).toEqual({
      refusal: expect.any(DomainError),
      events: [],
    });
    expect((this.refusal as DomainError).code).toBe(code);
  }

  thenThrows(kind: new (...args: never[]) => Error): void {
    expect(this.refusal).toBeInstanceOf(kind);
  }
}
