import {
  ViewReplaced,
  type Clock,
  type EventStore,
  type ParkedStream,
  type Position,
  type ReadStore,
} from '../ports.js';
import type { Feed, Report } from './follower.js';
import { LiveProjections } from './live-projections.js';
import { isBefore } from './positions.js';
import { ProjectedView } from './projected-view.js';
import type { Projection } from './projection.js';
import { Backoff, Bell, endsWithin, pause } from './waiting.js';

export interface ProjectorOptions {
  /** Events of one page: more are faster to catch up with, and keep the thread for longer. At most 20,000. */
  readonly pageMax?: number;
  /** Rest between pages once the end of the log is reached, in which the next events gather. */
  readonly restMs?: number;
  readonly retryFirstMs?: number;
  readonly report?: Report;
  /** False: nothing is done with a projection before `resume`. */
  readonly beginsAll?: boolean;
}

/** Events of one page while some projections are further behind than others, so that nobody waits long for his turn. */
const SHARED_PAGE_MAX = 2_000;
const RETRY_MAX_MS = 30_000;
const CLOSE_MS = 8_000;

/** The store's checkpoint is beyond the end of the log: following on from it would leave out events without a word. */
export class CheckpointAheadOfLog extends Error {
  override readonly name = 'CheckpointAheadOfLog';
}

interface Track {
  readonly view: ProjectedView;
  readonly backoff: Backoff;
  status: 'new' | 'open' | 'paused' | 'refused';
  /** By `performance.now()`. */
  retryAt: number;
  failure: string | null;
}

interface Task {
  readonly run: () => Promise<void>;
  readonly reject: (error: Error) => void;
}

/** Carries the log to views, page by page, in this thread. Projections at the same place share a page, read and decoded once. */
export class Projector extends LiveProjections {
  private readonly tracks: readonly Track[];
  private tasks: Task[] = [];
  private readonly bell = new Bell();
  private readonly closing = new AbortController();
  private readonly feedBackoff: Backoff;
  private running: Promise<void> | null = null;
  private readonly pageMax: number;

  constructor(
    projections: readonly Projection[],
    private readonly feed: Feed,
    private readonly log: Pick<EventStore, 'head' | 'readStream'>,
    store: ReadStore,
    clock: Clock,
    private readonly options: ProjectorOptions = {},
  ) {
    super(projections.map(({ name }) => name));
    const { pageMax = 500, retryFirstMs = 100 } = options;
    this.pageMax = pageMax;
    this.feedBackoff = new Backoff(retryFirstMs, RETRY_MAX_MS);
    this.tracks = projections.map((projection) => ({
      view: new ProjectedView(projection, store, clock),
      backoff: new Backoff(retryFirstMs, RETRY_MAX_MS),
      status: (options.beginsAll ?? true) ? 'new' : 'paused',
      retryAt: 0,
      failure: null,
    }));
  }

  start(): void {
    this.running ??= this.run();
  }

  async close(): Promise<void> {
    this.closing.abort();
    if (this.running) await endsWithin(CLOSE_MS, this.running);
  }

  refold(projection: string, stream: string): Promise<ParkedStream | null> {
    return this.betweenPages(projection, async (track) => {
      const parked = await track.view.refold(stream, this.log, this.feed);
      this.tell(track);
      return parked;
    });
  }

  pause(projection: string): Promise<void> {
    return this.betweenPages(projection, async (track) => {
      track.status = 'paused';
    });
  }

  resume(projection: string): Promise<void> {
    return this.betweenPages(projection, async (track) => {
      Object.assign(track, { status: 'new', retryAt: 0, failure: null });
    });
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      for (const task of this.tasks.splice(0)) await task.run();
      let moved: 'full' | 'some' | 'none' = 'none';
      try {
        moved = await this.round();
        this.feedBackoff.reset();
      } catch (error) {
        this.options.report?.('reading the log for projections', error);
        await pause(this.feedBackoff.nextMs(), signal);
      }
      if (moved === 'none') await this.idle();
      await pause(moved === 'full' ? 0 : (this.options.restMs ?? 20), signal);
    }
    for (const { reject } of this.tasks.splice(0)) reject(new Error('the projector is closed'));
  }

  /** One page for each place where projections stand; those furthest on come first. */
  private async round(): Promise<'full' | 'some' | 'none'> {
    for (const track of this.due('new')) await this.attempt(track, () => this.open(track));
    const places = new Map<Position | null, Track[]>();
    for (const track of this.due('open')) {
      const { position } = track.view;
      places.set(position, [...(places.get(position) ?? []), track]);
    }
    const limit = places.size > 1 ? Math.min(SHARED_PAGE_MAX, this.pageMax) : this.pageMax;
    let moved: 'full' | 'some' | 'none' = 'none';
    let next: Position | null = null;
    for (const [place, tracks] of [...places].sort(([a], [b]) => (isBefore(a, b) ? 1 : -1))) {
      const count = await this.page(tracks, place, next, limit);
      if (count > 0 && moved !== 'full') moved = count >= limit ? 'full' : 'some';
      next = place;
    }
    return moved;
  }

  /** Stops at `next`, where other projections stand, so that these join them. Returns how many events it took. */
  private async page(
    tracks: Track[],
    place: Position | null,
    next: Position | null,
    limit: number,
  ): Promise<number> {
    const read = await this.feed.read(place, limit);
    const page = next === null ? read : read.filter(({ position }) => position <= next);
    const last = page.at(-1);
    if (!last) return 0;
    const handled = page.filter(({ type }) => tracks.some(({ view }) => view.projection.types.has(type)));
    const events = await this.feed.decode(handled);
    for (const track of tracks) {
      await this.attempt(track, () => track.view.apply(events, last.position));
    }
    return page.length;
  }

  private async open(track: Track): Promise<void> {
    const { view } = track;
    await view.open();
    const head = await this.log.head();
    track.status = isBefore(head, view.position) ? 'refused' : 'open';
    if (track.status === 'refused') {
      const error = new CheckpointAheadOfLog(
        `${view.projection.name} stands at ${view.position}, beyond the end of the log (${head ?? 'empty'}): the log is an older copy. Rebuild the view.`,
      );
      track.failure = error.message;
      this.options.report?.(`projection ${view.projection.name}`, error);
    }
  }

  /** A failure is this projection's alone: it rests and comes again from where it stands. */
  private async attempt(track: Track, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      if (track.status === 'open') track.failure = null;
      track.backoff.reset();
    } catch (error) {
      track.retryAt = performance.now() + track.backoff.nextMs();
      track.failure = String(error);
      if (error instanceof ViewReplaced) track.status = 'new';
      else this.options.report?.(`projection ${track.view.projection.name}`, error);
    }
    this.tell(track);
  }

  private async idle(): Promise<void> {
    const awake = new AbortController();
    const signal = AbortSignal.any([awake.signal, this.closing.signal]);
    const open = this.tracks.filter(({ status }) => status === 'open' || status === 'new');
    const resting = open.filter(({ retryAt }) => retryAt > performance.now());
    const followed = this.due('open').map(({ view }) => view.position);
    const retryIn = Math.min(...resting.map(({ retryAt }) => retryAt - performance.now()));
    if (this.tasks.length > 0) return;
    await Promise.race([
      this.bell.rung(signal),
      ...(resting.length > 0 ? [pause(Math.max(0, retryIn), signal)] : []),
      ...(followed.length > 0 ? [this.feed.moved(followed[0]!, signal)] : []),
    ]);
    awake.abort();
  }

  private due(status: 'new' | 'open'): Track[] {
    const now = performance.now();
    return this.tracks.filter((track) => track.status === status && track.retryAt <= now);
  }

  private betweenPages<T>(projection: string, work: (track: Track) => Promise<T>): Promise<T> {
    const track = this.tracks.find(({ view }) => view.projection.name === projection);
    if (!track) return Promise.reject(new Error(`there is no projection ${projection}`));
    if (this.closing.signal.aborted) return Promise.reject(new Error('the projector is closed'));
    return new Promise((resolve, reject) => {
      this.tasks.push({ run: () => work(track).then(resolve, reject), reject });
      this.bell.ring();
    });
  }

  private tell({ view, failure }: Track): void {
    const { position, parkedCount, projection } = view;
    this.changed({ name: projection.name, position, parkedCount, failure });
  }
}
