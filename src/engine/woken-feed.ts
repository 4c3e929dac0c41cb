import type { EventStore, Position, RecordedEvent } from '../ports.js';
import type { Codec, Undecodable } from './codec.js';
import type { Envelope } from './envelope.js';
import type { Feed } from './follower.js';
import { isBefore } from './positions.js';
import { Bell } from './waiting.js';

/** The log as a thread sees it that is told by another one when there is more. */
export class WokenFeed implements Feed {
  private head: Position | null = null;
  private readonly bell = new Bell();

  constructor(
    private readonly log: Pick<EventStore, 'readLog'>,
    private readonly codec: Pick<Codec, 'decode'>,
    private readonly onIdle: (after: Position | null) => void,
  ) {}

  read(after: Position | null, limit: number): Promise<RecordedEvent[]> {
    return this.log.readLog(after, limit);
  }

  decode(records: readonly RecordedEvent[]): Promise<(Envelope | Undecodable)[]> {
    return this.codec.decode(records);
  }

  async moved(after: Position | null, signal: AbortSignal): Promise<void> {
    this.onIdle(after);
    while (!signal.aborted && !isBefore(after, this.head)) {
      await this.bell.rung(signal);
    }
  }

  /** The log reaches up to `head`. */
  wake(head: Position): void {
    this.head = head;
    this.bell.ring();
  }
}
