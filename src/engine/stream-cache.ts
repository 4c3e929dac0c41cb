import type { Decider } from '../domain/decider.js';
import type { EventShapes } from '../domain/events.js';
import type { EventStore } from '../ports.js';
import type { Codec } from './codec.js';
import { allReadable, emptyStream, foldOn, type FoldedStream } from './folded-stream.js';
import { RecentMap } from './recent-map.js';

const PAGE = 250;
const READ_REUSED_MS = 500;

/** The streams used last, as far as they are known here. */
export class StreamCache {
  private readonly streams: RecentMap<string, FoldedStream<unknown>>;

  constructor(
    private readonly store: EventStore,
    private readonly codec: Codec,
    readonly uptimeMs: () => number,
    /** Nobody else appends, so that what is cached is the end of the stream. */
    private readonly soleWriter: boolean,
    streamsMax: number,
  ) {
    this.streams = new RecentMap(streamsMax);
  }

  get<State>(stream: string): FoldedStream<State> | undefined {
    return this.streams.get(stream) as FoldedStream<State> | undefined;
  }

  /** As `get`, unless others may have appended since it was read. */
  fresh<State>(stream: string): FoldedStream<State> | undefined {
    const known = this.get<State>(stream);
    if (!known || this.soleWriter) return known;
    return this.uptimeMs() - known.freshAt < READ_REUSED_MS ? known : undefined;
  }

  set(stream: string, known: FoldedStream<unknown>): void {
    this.streams.set(stream, known);
  }

  drop(stream: string): void {
    this.streams.delete(stream);
  }

  /** Reads on from what is known (or from the start), in pages, giving the event loop a turn after each. Throws
   *  `StreamUnreadable`, `StoreUnavailable`. */
  async upToDate<S extends EventShapes, State>(
    decider: Decider<S, State>,
    stream: string,
    known: FoldedStream<State> = this.get<State>(stream) ?? emptyStream(decider.initial),
  ): Promise<FoldedStream<State>> {
    let current = known;
    for (;;) {
      const askedAt = this.uptimeMs();
      const page = await this.store.readStream(stream, current.revision + 1, PAGE);
      current = foldOn(decider, current, allReadable(await this.codec.decode(page)), askedAt);
      if (page.length < PAGE) break;
      await new Promise((resume) => setImmediate(resume));
    }
    this.set(stream, current);
    return current;
  }
}
