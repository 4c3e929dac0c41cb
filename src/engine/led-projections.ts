import type { Clock, EventStore, ParkedStream, Position, ReadStore } from '../ports.js';
import type { Feed } from './follower.js';
import type { Lead, Term } from './lease.js';
import { LiveProjections, type ProjectionState } from './live-projections.js';
import { isBefore } from './positions.js';
import { ProjectedView } from './projected-view.js';
import type { Projection } from './projection.js';
import { Projector, type ProjectorOptions } from './projector.js';
import { aborted, endsWithin, pause } from './waiting.js';

export interface LedProjectionsOptions extends ProjectorOptions {
  /** One for each projection, so that they spread over the instances. */
  readonly leadOf: (projection: string) => Lead;
  /** How often this looks after the views that others lead. */
  readonly lookEveryMs?: number;
}

const LOOK_EVERY_MS = 1_000;
const WAIT_STEP_MS = 25;
const CLOSE_MS = 8_000;

/** Projections of which each is led by one of several instances, under a lease. The lease saves work and no more: documents are
 *  compared and set, so that two leaders at a time make the same view. */
export class LedProjections extends LiveProjections {
  private readonly projector: Projector;
  private readonly led = new Set<string>();
  private readonly closing = new AbortController();
  private running: Promise<unknown> | null = null;

  constructor(
    private readonly projections: readonly Projection[],
    private readonly feed: Feed,
    private readonly log: Pick<EventStore, 'head' | 'readStream'>,
    private readonly store: ReadStore,
    private readonly clock: Clock,
    private readonly options: LedProjectionsOptions,
  ) {
    super(projections.map(({ name }) => name));
    this.projector = new Projector(projections, feed, log, store, clock, { ...options, beginsAll: false });
    this.projector.onChange = (state) => {
      if (this.led.has(state.name)) this.changed(state);
    };
  }

  start(): void {
    const { signal } = this.closing;
    this.projector.start();
    this.running ??= Promise.all([
      ...this.projections.map(({ name }) =>
        this.options.leadOf(name).lead((term) => this.lead(name, term), signal),
      ),
      this.lookAfterOthers(signal),
    ]);
  }

  async close(): Promise<void> {
    this.closing.abort();
    if (this.running) await endsWithin(CLOSE_MS, this.running);
    await this.projector.close();
  }

  /** Also where another instance leads. */
  async refold(projection: string, stream: string): Promise<ParkedStream | null> {
    if (this.led.has(projection)) return this.projector.refold(projection, stream);
    const refolded = this.projections.find(({ name }) => name === projection);
    if (!refolded) throw new Error(`there is no projection ${projection}`);
    const view = new ProjectedView(refolded, this.store, this.clock);
    await view.open();
    return view.refold(stream, this.log, this.feed);
  }

  /** A leader elsewhere goes on; its view may be replaced all the same. */
  async pause(projection: string): Promise<void> {
    if (this.led.has(projection)) await this.projector.pause(projection);
  }

  async resume(projection: string): Promise<void> {
    if (this.led.has(projection)) await this.projector.resume(projection);
  }

  /** Where another instance leads, the view itself tells how far it is. */
  override async waitFor(projection: string, position: Position, timeoutMs: number): Promise<boolean> {
    if (this.led.has(projection)) return super.waitFor(projection, position, timeoutMs);
    const { signal } = this.closing;
    const endsAt = performance.now() + timeoutMs;
    do {
      if (!isBefore(await this.store.checkpoint(projection), position)) return true;
      await pause(WAIT_STEP_MS, signal);
    } while (performance.now() < endsAt && !signal.aborted);
    return false;
  }

  private async lead(projection: string, { signal }: Term): Promise<void> {
    this.led.add(projection);
    await this.projector.resume(projection);
    await aborted(signal);
    await this.projector.pause(projection);
    this.led.delete(projection);
  }

  private async lookAfterOthers(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const { name } of this.projections) {
        if (this.led.has(name)) continue;
        const state = await this.stateElsewhere(name);
        if (!this.led.has(name)) this.changed(state);
      }
      await pause(this.options.lookEveryMs ?? LOOK_EVERY_MS, signal);
    }
  }

  private async stateElsewhere(name: string): Promise<ProjectionState> {
    try {
      const position = await this.store.checkpoint(name);
      const parked = await this.store.parked(name);
      return { name, position, parkedCount: parked.length, failure: null };
    } catch (error) {
      const known = this.states().find((state) => state.name === name)!;
      return { ...known, failure: String(error) };
    }
  }
}
