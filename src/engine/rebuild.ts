import type { Clock, EventStore, ReadStore } from '../ports.js';
import type { Codec } from './codec.js';
import { isBefore } from './positions.js';
import { ProjectedView } from './projected-view.js';
import type { Projection } from './projection.js';

export interface RebuildOptions {
  /** Events of one page; more make fewer, larger writes. At most 20,000. */
  readonly pageMax?: number;
}

/** Each takes in what was appended during the one before, so that little is left for when the live view rests. */
const FILL_ROUNDS = 3;
const COMPLETE_ATTEMPTS_MAX = 20;

/** Builds copies of some views, in this thread (`Rebuild`) or in one of their own (`RebuildThread`). */
export interface ViewBuilder {
  /** Folds the log, as far as it goes by now, into new copies. Reports events done so far. Throws when the signal aborts. */
  fill(onProgress: (eventsDone: number) => void, signal: AbortSignal): Promise<void>;
  /** Brings the copy up to the end of the log and puts it in the view's place. Nothing else may write the view meanwhile. */
  finish(projection: string): Promise<void>;
  /** Gives up what is not finished. */
  close(): Promise<void>;
}

interface Building {
  readonly view: ProjectedView;
  /** What the store calls it. */
  readonly copy: string;
}

/** Builds new copies of views beside the live ones, from the first event. The live ones stay as they are until a copy is complete. */
export class Rebuild implements ViewBuilder {
  private building: Building[] = [];
  private readonly pageMax: number;

  constructor(
    private readonly projections: readonly Projection[],
    private readonly log: Pick<EventStore, 'readLog' | 'head'>,
    private readonly codec: Pick<Codec, 'decode'>,
    private readonly store: ReadStore,
    private readonly clock: Clock,
    options: RebuildOptions = {},
  ) {
    this.pageMax = options.pageMax ?? 500;
  }

  async fill(onProgress: (eventsDone: number) => void, signal: AbortSignal): Promise<void> {
    for (const projection of this.projections) await this.begin(projection);
    const [first] = this.building;
    let done = 0;
    for (let round = 1; round <= FILL_ROUNDS; round += 1) {
      const head = await this.log.head();
      while (first && isBefore(first.view.position, head)) {
        done += await this.page(this.building);
        onProgress(done);
        signal.throwIfAborted();
      }
    }
  }

  async finish(projection: string): Promise<void> {
    const built = this.building.find(({ view }) => view.projection.name === projection);
    if (!built) throw new Error(`no copy of ${projection} is being built`);
    for (let attempt = 1; ; attempt += 1) {
      const head = await this.log.head();
      while (isBefore(built.view.position, head)) await this.page([built]);
      if (await this.store.completeRebuild(projection, built.copy)) break;
      if (attempt === COMPLETE_ATTEMPTS_MAX) throw new Error(`${projection} keeps being written elsewhere`);
    }
    this.building = this.building.filter((each) => each !== built);
  }

  async close(): Promise<void> {
    for (const { copy } of this.building.splice(0)) await this.store.drop(copy);
  }

  private async begin(projection: Projection): Promise<void> {
    const { name } = projection;
    await this.store.open(projection);
    const checkpoint = await this.store.checkpoint(name);
    if (isBefore(await this.log.head(), checkpoint)) {
      // It tells of events that the log does not have (any more), and would never let a copy take its place.
      await this.store.drop(name);
      await this.store.open(projection);
    }
    const copy = await this.store.beginRebuild(name);
    this.building.push({ view: new ProjectedView(projection, this.store, this.clock, copy), copy });
  }

  /** Takes copies that stand at the same place one page on; returns how many events that was. */
  private async page(built: readonly Building[]): Promise<number> {
    const views = built.map(({ view }) => view);
    const page = await this.log.readLog(views[0]?.position ?? null, this.pageMax);
    const last = page.at(-1);
    if (!last) throw new Error('the log ends before its head');
    const handled = page.filter(({ type }) => views.some(({ projection }) => projection.types.has(type)));
    const events = await this.codec.decode(handled);
    for (const view of views) await view.apply(events, last.position);
    // In the main thread others must have their turn.
    await new Promise((resume) => setImmediate(resume));
    return page.length;
  }
}
