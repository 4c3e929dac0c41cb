import { z } from 'zod';
import type { Decider } from '../domain/decider.js';
import { isSealed, type EventShapes } from '../domain/events.js';
import type { EventRecord, RecordedEvent } from '../ports.js';
import type { Envelope, EventMeta } from './envelope.js';
import { seal, tryUnseal, type Keyring } from './sealing.js';

/** An event that this version cannot read: a bug or a foreign hand, never a reason to stop the rest. */
export interface Undecodable {
  readonly record: RecordedEvent;
  readonly cause: string;
}

export const isUndecodable = (read: Envelope | Undecodable): read is Undecodable => 'cause' in read;

/** What the codec needs to know of a kind of stream. */
export type EventSource = Pick<Decider<EventShapes, never>, 'category' | 'events'> & {
  upcasters?: Upcasters;
};

/** For each changed event the steps from version n to n + 1, in order: today's version is their number plus one. After an
 *  erasure the sealed fields are missing; a step copes with that. */
export type Upcasters = Readonly<Record<string, readonly Upcaster[]>>;
export type Upcaster = (data: Record<string, unknown>) => Record<string, unknown>;

interface EventType {
  readonly schema: number;
  readonly upcasters: readonly Upcaster[];
  readonly whole: z.ZodType<Record<string, unknown>>;
  readonly afterErasure: z.ZodType<Record<string, unknown>>;
  readonly sealedFields: ReadonlySet<string>;
}

/** Between events and what is stored: shapes are checked on the way in (throws) and out (`Undecodable`), personal fields sealed
 *  in one box an event, bound to its id, stream and type. */
export class Codec {
  private readonly types = new Map<string, EventType>();

  constructor(
    sources: readonly EventSource[],
    private readonly keyring: Keyring,
  ) {
    for (const source of sources) {
      for (const [type, shape] of Object.entries(source.events)) {
        if (this.types.has(type)) throw new Error(`two kinds of stream define the event ${type}`);
        this.types.set(type, eventType(shape, source.upcasters?.[type] ?? []));
      }
    }
  }

  knows(type: string): boolean {
    return this.types.has(type);
  }

  /** Throws for an event of an unknown type or another shape: nothing malformed is ever appended. */
  async encode(
    event: { readonly type: string; readonly data: object },
    meta: Omit<EventMeta, 'schema' | 'person'> & { readonly person: string },
    stream: string,
    eventId: string,
  ): Promise<EventRecord> {
    const type = this.types.get(event.type);
    if (!type) throw new Error(`${event.type} is not an event of any stream`);
    const { data, secret } = parted(type.whole.parse(event.data), type.sealedFields);
    const { person, ...clear } = meta;
    if (secret !== null) {
      const key = this.keyring.heldKey(person) ?? (await this.keyring.sealingKey(person));
      const box = seal(key, JSON.stringify(secret), boxContext(stream, event.type, eventId));
      data.sealed = box.toString('base64');
    }
    const metadata = { ...clear, ...(secret !== null && { person }), schema: type.schema };
    return { eventId, type: event.type, data: JSON.stringify(data), metadata: JSON.stringify(metadata) };
  }

  /** Decodes a batch, fetching the data keys it needs at once. Throws only when the key store fails. */
  async decode(records: readonly RecordedEvent[]): Promise<(Envelope | Undecodable)[]> {
    const opened = records.map((record) => this.parse(record));
    const persons = new Set<string>();
    for (const read of opened) {
      if (!isUndecodable(read) && read.data.sealed !== undefined && read.meta.person !== undefined) {
        persons.add(read.meta.person);
      }
    }
    const keys = await this.keyring.openingKeys(persons);
    return opened.map((read, index) => (isUndecodable(read) ? read : this.open(records[index]!, read, keys)));
  }

  private parse(record: RecordedEvent): Envelope | Undecodable {
    if (!this.types.has(record.type)) return { record, cause: 'unknown event type' };
    const data = parsed(record.data);
    const meta = parsed(record.metadata);
    if (data === undefined || !isMeta(meta)) return { record, cause: 'not the JSON of an event' };
    const { eventId, stream, revision, position, type } = record;
    return { eventId, stream, revision, position, type, data, meta };
  }

  private open(
    record: RecordedEvent,
    envelope: Envelope,
    keys: ReadonlyMap<string, Buffer>,
  ): Envelope | Undecodable {
    const type = this.types.get(record.type)!;
    const { person, schema } = envelope.meta;
    if (schema > type.schema) return { record, cause: `version ${schema} is newer than this program's` };
    const { sealed: box, ...clear } = envelope.data;
    let data: Record<string, unknown> = clear;
    let key: Buffer | undefined;
    if (box !== undefined) {
      if (typeof box !== 'string' || person === undefined) return { record, cause: 'no sealed box' };
      key = keys.get(person);
      const secret = key && unsealed(key, box, record);
      if (key && !secret) return { record, cause: 'the sealed box cannot be opened' };
      Object.assign(data, secret);
    }
    try {
      for (const upcast of type.upcasters.slice(schema - 1)) data = upcast(data);
    } catch (error) {
      return { record, cause: `cannot be raised from version ${schema}: ${(error as Error).name}` };
    }
    const erased = box !== undefined && key === undefined;
    const checked = (erased ? type.afterErasure : type.whole).safeParse(data);
    if (!checked.success) return { record, cause: z.prettifyError(checked.error) };
    return { ...envelope, data: checked.data };
  }
}

/** What may be read by all, and what is to be sealed: null where nothing is. */
function parted(whole: Record<string, unknown>, sealedFields: ReadonlySet<string>) {
  const data: Record<string, unknown> = {};
  let secret: Record<string, unknown> | null = null;
  for (const field of Object.keys(whole)) {
    if (!sealedFields.has(field)) data[field] = whole[field];
    else if (whole[field] !== undefined) (secret ??= {})[field] = whole[field];
  }
  return { data, secret };
}

/** The object that the text stands for. Errors of `JSON.parse` quote the text, which may be personal: none gets out of here. */
function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function unsealed(key: Buffer, box: string, record: RecordedEvent): Record<string, unknown> | undefined {
  const context = boxContext(record.stream, record.type, record.eventId);
  const plain = tryUnseal(key, Buffer.from(box, 'base64'), context);
  return plain && parsed(plain.toString());
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What every reader relies on; a foreign hand may have written anything. */
function isMeta(value: Record<string, unknown> | undefined): value is Record<string, unknown> & EventMeta {
  if (value === undefined) return false;
  const { at, schema, commandId, person, actor } = value;
  return (
    Number.isSafeInteger(at) &&
    Number.isSafeInteger(schema) &&
    (schema as number) >= 1 &&
    typeof commandId === 'string' &&
    (person === undefined || typeof person === 'string') &&
    isObject(actor)
  );
}

const boxContext = (stream: string, type: string, eventId: string) => `${stream}|${type}|${eventId}`;

function eventType(shape: Record<string, z.ZodType>, upcasters: readonly Upcaster[]): EventType {
  const sealedFields = Object.keys(shape).filter((field) => isSealed(shape[field]!));
  if ('sealed' in shape) throw new Error("an event's field cannot be called 'sealed'");
  const whole = z.strictObject(shape);
  const missing = Object.fromEntries(sealedFields.map((field) => [field, z.never().optional()]));
  return {
    schema: upcasters.length + 1,
    upcasters,
    whole,
    afterErasure: z.strictObject({ ...shape, ...missing }),
    sealedFields: new Set(sealedFields),
  };
}
