import type { MessagePort } from 'node:worker_threads';
import type { Position } from '../ports.js';
import type { ProjectionState } from './live-projections.js';
import type { Projector } from './projector.js';
import type { ViewBuilder } from './rebuild.js';
import { answerCalls, tell } from './thread-calls.js';
import type { WokenFeed } from './woken-feed.js';

/** What the thread tells about following: how a projection stands, or that it waits for events after a position. */
export type FollowingEvent = ProjectionState | { readonly idleAt: Position | null };
export type RebuildEvent = { readonly eventsDone: number };

export interface StreamOfProjection {
  readonly projection: string;
  readonly stream: string;
}

export const idleTeller =
  (port: MessagePort) =>
  (idleAt: Position | null): void =>
    tell<FollowingEvent>(port, { idleAt });

/** Lets the main thread direct a projector, and tells it how projections stand. `close` runs after the projector has ended. */
export function serveProjector(
  port: MessagePort,
  projector: Projector,
  feed: WokenFeed,
  close: () => Promise<void>,
  /** Before a stream is folded anew: keys may have been destroyed. */
  forgetKeys: () => void,
): void {
  projector.onChange = (state) => tell<FollowingEvent>(port, state);
  answerCalls(port, {
    wake: async (head: Position) => feed.wake(head),
    refold: async ({ projection, stream }: StreamOfProjection) => {
      forgetKeys();
      return projector.refold(projection, stream);
    },
    pause: (projection: string) => projector.pause(projection),
    resume: (projection: string) => projector.resume(projection),
    close: async () => {
      await projector.close();
      await close();
    },
  });
  projector.start();
}

/** Lets the main thread direct a rebuild, and tells it how far that came. */
export function serveRebuild(port: MessagePort, builder: ViewBuilder, close: () => Promise<void>): void {
  const aborting = new AbortController();
  answerCalls(port, {
    fill: () => builder.fill((eventsDone) => tell<RebuildEvent>(port, { eventsDone }), aborting.signal),
    abort: async () => aborting.abort(new Error('the rebuild was stopped')),
    finish: (projection: string) => builder.finish(projection),
    close: async () => {
      await builder.close();
      await close();
    },
  });
}
