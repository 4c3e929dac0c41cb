import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { Codec, isUndecodable } from '../engine/codec.js';
import type { EventMeta } from '../engine/envelope.js';
import { streamName } from '../engine/streams.js';
import { EventStore, type Position, type RecordedEvent } from '../ports.js';

/** An event of the log. Personal values are missing unless they were asked for, with a reason; hashes of secrets always are. */
export interface AuditedEvent {
  readonly eventId: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta: EventMeta;
  /** Whether personal values are sealed in this event and not shown here. */
  readonly sealed: boolean;
}

/** One account's events, oldest first. Reads the log itself, not a view: it is the truth that an auditor wants. */
export class ReadAccountEvents {
  constructor(
    readonly accountId: string,
    readonly fromRevision: number,
    readonly limit: number,
    readonly reveal: boolean,
  ) {}
}

/** The log after a position, oldest first. */
export class ReadLogEvents {
  constructor(
    readonly after: Position | null,
    readonly limit: number,
  ) {}
}

@QueryHandler(ReadAccountEvents)
export class ReadAccountEventsHandler implements IQueryHandler<ReadAccountEvents, AuditedEvent[]> {
  constructor(
    private readonly store: EventStore,
    private readonly codec: Codec,
  ) {}

  async execute({ accountId, fromRevision, limit, reveal }: ReadAccountEvents): Promise<AuditedEvent[]> {
    const records = await this.store.readStream(streamName(accountDecider, accountId), fromRevision, limit);
    if (!reveal) return records.map(asStored);
    const read = await this.codec.decode(records);
    return read.map((event) =>
      // What cannot be opened is shown as it stands.
      isUndecodable(event)
        ? asStored(event.record)
        : { ...event, data: withoutSecrets(event.data), sealed: false },
    );
  }
}

@QueryHandler(ReadLogEvents)
export class ReadLogEventsHandler implements IQueryHandler<ReadLogEvents, AuditedEvent[]> {
  constructor(private readonly store: EventStore) {}

  async execute({ after, limit }: ReadLogEvents): Promise<AuditedEvent[]> {
    return (await this.store.readLog(after, limit)).map(asStored);
  }
}

/** Nobody needs them to understand what happened, and with them passwords and answers could be guessed at leisure. */
const secretFields: ReadonlySet<string> = new Set(['passwordHash', 'answersHash', 'tokenHash']);

const withoutSecrets = (data: object): Record<string, unknown> =>
  JSON.parse(
    JSON.stringify(data, (field, value: unknown) => (secretFields.has(field) ? undefined : value)),
  ) as Record<string, unknown>;

function asStored(record: RecordedEvent): AuditedEvent {
  const { sealed, ...data } = JSON.parse(record.data) as Record<string, unknown>;
  const { eventId, stream, revision, position, type } = record;
  const meta = JSON.parse(record.metadata) as EventMeta;
  const shown = withoutSecrets(data);
  return { eventId, stream, revision, position, type, data: shown, meta, sealed: sealed !== undefined };
}
