import type { Clock, EventStore, ReadStore } from '../ports.js';
import { isUndecodable } from './codec.js';
import type { Envelope } from './envelope.js';
import type { Feed } from './follower.js';
import { GivenUp } from './projection.js';

/** What a reaction set aside. Each event by itself, parked as `<stream>@<revision>`: unlike a fold, a reaction to what comes later
 *  in the stream does not need it. */
export class GivenUpEvents {
  count = 0;

  constructor(
    private readonly view: string,
    private readonly store: ReadStore,
    private readonly clock: Clock,
  ) {}

  async load(): Promise<void> {
    this.count = (await this.store.parked(this.view)).length;
  }

  async add(
    { stream, revision, position }: Pick<Envelope, 'stream' | 'revision' | 'position'>,
    cause: string,
  ): Promise<void> {
    const parkedAt = this.clock.now();
    await this.store.park(this.view, {
      stream: `${stream}@${revision}`,
      revision,
      position,
      cause,
      parkedAt,
    });
    await this.load();
  }

  /** The event of that name. Throws when there is none, and `GivenUp` when it still cannot be decoded. */
  async read(parked: string, log: Pick<EventStore, 'readStream'>, feed: Feed): Promise<Envelope> {
    const at = parked.lastIndexOf('@');
    const [record] = await log.readStream(parked.slice(0, at), Number(parked.slice(at + 1)), 1);
    const [event] = record ? await feed.decode([record]) : [];
    if (!event) throw new Error(`there is no event ${parked}`);
    if (isUndecodable(event)) throw new GivenUp(event.cause);
    return event;
  }

  async remove(parked: string): Promise<void> {
    await this.store.unpark(this.view, parked);
    await this.load();
  }
}
