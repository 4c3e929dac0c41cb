import type {
  Clock,
  EventStore,
  ParkedStream,
  Position,
  ReadStore,
  RecordedEvent,
  ViewWrite,
} from '../ports.js';
import type { Codec, Undecodable } from './codec.js';
import type { Envelope } from './envelope.js';
import { foldPage, keysOf, stepsOf, type Fault } from './fold-page.js';
import type { Projection } from './projection.js';
import { PurgeSchedule } from './purge-schedule.js';

const ATTEMPTS_MAX = 10;
const STREAM_PAGE = 1_000;
const WRITES_MAX = 20_000;

/** One projection's view in a store: takes the log in pages, and knows how far it came. */
export class ProjectedView {
  /** Up to where the view reflects the log; null before the first event. */
  position: Position | null = null;
  private parked = new Map<string, ParkedStream>();
  private readonly purges = new PurgeSchedule();

  constructor(
    readonly projection: Projection,
    private readonly store: ReadStore,
    private readonly clock: Clock,
    /** Another name where the view is a copy that is being built. */
    private readonly name: string = projection.name,
  ) {}

  get parkedCount(): number {
    return this.parked.size;
  }

  async open(): Promise<void> {
    if (this.name === this.projection.name) await this.store.open(this.projection);
    this.position = await this.store.checkpoint(this.name);
    await this.loadParked();
  }

  /** Brings the view to `upTo` with the events (of its types at least) since `position`. May be repeated after a failure. */
  async apply(events: readonly (Envelope | Undecodable)[], upTo: Position): Promise<void> {
    // Somebody else may have let a stream go on, or put another copy in place: skipping its events then would lose them.
    await this.loadParked();
    const parkedFrom = new Map([...this.parked].map(([stream, { revision }]) => [stream, revision]));
    let steps = stepsOf(this.projection, events);
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const keys = keysOf(steps);
      const loaded = keys.length > 0 ? await this.store.load(this.name, keys) : new Map();
      const { writes, faults } = foldPage(this.projection, steps, loaded, parkedFrom);
      // Before the checkpoint passes them, so that no event goes missing without a trace.
      for (const fault of faults) await this.park(fault);
      const movedOn = new Set(await this.store.save(this.name, writes, upTo));
      if (movedOn.size === 0) return this.reached(upTo);
      steps = steps.filter((step) => 'key' in step && movedOn.has(step.key));
    }
    throw new Error(`other projectors keep writing the same documents of ${this.name}`);
  }

  /** Folds the documents of a stream again from its first event, and unparks the stream; returns where it parked again, if it did.
   *  Another process may go on with the view meanwhile. */
  async refold(
    stream: string,
    log: Pick<EventStore, 'readStream'>,
    codec: Pick<Codec, 'decode'>,
  ): Promise<ParkedStream | null> {
    let foldedTo: number | null = null;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const records = this.position === null ? [] : await this.handledEvents(stream, log);
      const last = records.at(-1)?.revision ?? -1;
      if (last === foldedTo) return null;
      const steps = stepsOf(this.projection, await codec.decode(records));
      const { writes, faults } = foldPage(this.projection, steps, new Map(), new Map());
      if (!(await this.replaceAll(writes, faults.length > 0))) continue;
      if (faults[0]) return this.park(faults[0]);
      await this.store.unpark(this.name, stream);
      this.parked.delete(stream);
      // Whoever is in the middle of a page may still leave out what came to the stream since it was read: look once more.
      foldedTo = last;
    }
    throw new Error(`other projectors keep writing the same documents of ${this.name}`);
  }

  private async handledEvents(stream: string, log: Pick<EventStore, 'readStream'>): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for (let from = 0; ; from += STREAM_PAGE) {
      const page = await log.readStream(stream, from, STREAM_PAGE);
      events.push(...page.filter(({ type }) => this.projection.types.has(type)));
      if (page.length < STREAM_PAGE) return events;
    }
  }

  /** False when somebody went on with one of the documents meanwhile. */
  private async replaceAll(documents: readonly ViewWrite[], parksAgain: boolean): Promise<boolean> {
    for (let from = 0; from < documents.length; from += WRITES_MAX) {
      const replaced = await this.replace(
        documents.slice(from, from + WRITES_MAX),
        this.position!,
        parksAgain,
      );
      if (!replaced) return false;
    }
    return true;
  }

  private async replace(
    documents: readonly ViewWrite[],
    checkpoint: Position,
    parksAgain: boolean,
  ): Promise<boolean> {
    const stored = await this.store.load(
      this.name,
      documents.map(({ key }) => key),
    );
    const writes = documents.map((document) => ({
      ...document,
      readAt: stored.get(document.key)?.position ?? null,
    }));
    const outrun = writes.some(({ readAt, position }) => readAt !== null && readAt > position);
    if (outrun && !parksAgain) return false;
    return (await this.store.save(this.name, writes, checkpoint)).length === 0;
  }

  private async park({ stream, revision, position, cause }: Fault): Promise<ParkedStream> {
    const parked = { stream, revision, position, cause, parkedAt: this.clock.now() };
    await this.store.park(this.name, parked);
    this.parked.set(stream, parked);
    return parked;
  }

  private async loadParked(): Promise<void> {
    const parked = await this.store.parked(this.name);
    this.parked = new Map(parked.map((each) => [each.stream, each]));
  }

  private async reached(upTo: Position): Promise<void> {
    this.position = upTo;
    const due = this.purges.reached(upTo, this.clock.now());
    if (due !== null) await this.store.purgeDeleted(this.name, due);
  }
}
