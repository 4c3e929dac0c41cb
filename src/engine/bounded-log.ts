import type { EventStore, Position, RecordedEvent } from '../ports.js';

/** Events read at once: even of the largest kind they fit into memory. */
const SLICE = 100;
/** Of data and metadata: about what 10,000 usual events have. */
const PAGE_CHARACTERS_MAX = 12_000_000;

/** Reads pages in slices, and cuts them short where events are large: a page then takes no more memory than one of usual events. Only
 *  an empty page tells of the log's end. */
export class BoundedLog {
  constructor(
    private readonly log: Pick<EventStore, 'readLog' | 'head'>,
    private readonly charactersMax = PAGE_CHARACTERS_MAX,
  ) {}

  head(): Promise<Position | null> {
    return this.log.head();
  }

  async readLog(after: Position | null, limit: number): Promise<RecordedEvent[]> {
    const page: RecordedEvent[] = [];
    let characters = 0;
    while (page.length < limit && characters < this.charactersMax) {
      const slice = await this.log.readLog(
        page.at(-1)?.position ?? after,
        Math.min(SLICE, limit - page.length),
      );
      for (const event of slice) {
        page.push(event);
        characters += event.data.length + event.metadata.length;
      }
      if (slice.length < SLICE) break;
    }
    return page;
  }
}
