import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import { defineEvents } from '../../src/domain/events.js';
import { Codec, type EventSource } from '../../src/engine/codec.js';
import type { Envelope } from '../../src/engine/envelope.js';
import type { Projection } from '../../src/engine/projection.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { Clock, type EventStore, type KeyStore, type Position } from '../../src/ports.js';

/** A world small enough to check by hand: streams `counter-<id>` whose events count. */
export const counters: EventSource = {
  category: 'counter',
  events: defineEvents({
    Counted: { by: z.number() },
    Cleared: {},
    Admired: {},
  }),
};

export interface Total {
  readonly total: number;
}

/** One document a stream: deleted when the counter is cleared. */
export const totals: Projection<Total> = {
  name: 'totals-1',
  indexes: ['total'],
  types: new Set(['Counted', 'Cleared']),
  keyOf: ({ stream }) => stream,
  fold: (doc, { type, data }) =>
    type === 'Cleared' ? null : { total: (doc?.total ?? 0) + (data.by as number) },
};

/** One document an event. */
export const entries: Projection<{ readonly by: unknown }> = {
  name: 'entries-1',
  indexes: [],
  types: new Set(['Counted']),
  keyOf: ({ stream, revision }) => `${stream}@${revision}`,
  fold: (_, { data }) => ({ by: data.by }),
};

export class FixedClock extends Clock {
  constructor(public at = Date.UTC(2026, 0, 1)) {
    super();
  }
  override now(): number {
    return this.at;
  }
}

export const keyring = (store = {} as KeyStore): Keyring =>
  new Keyring(store, masterKey(new Uint8Array(32).fill(7)));

export class CounterLog {
  readonly store: EventStore = EmbeddedEventStore.openInMemory();
  readonly clock = new FixedClock();
  readonly codec = new Codec([counters], keyring());

  /** Appends to `counter-<id>`; returns the position of the last event. */
  async append(id: string, ...events: { type: string; data: object }[]): Promise<Position> {
    const records = await Promise.all(
      events.map((event) => this.codec.encode(event, this.meta(), `counter-${id}`, randomUUID())),
    );
    return (await this.store.append(`counter-${id}`, 'Any', records)).position;
  }

  /** Appends what looks like an event of the type, and cannot be decoded. */
  async appendBroken(id: string, type = 'Counted'): Promise<Position> {
    const record = {
      eventId: randomUUID(),
      type,
      data: '{"by":"many"}',
      metadata: JSON.stringify({ ...this.meta(), schema: 1 }),
    };
    return (await this.store.append(`counter-${id}`, 'Any', [record])).position;
  }

  private meta() {
    const actor = { kind: 'system', id: 'test', role: null } as const;
    const commandId = randomUUID();
    return {
      at: this.clock.at,
      actor,
      commandId,
      correlationId: commandId,
      causationId: commandId,
      person: 'nobody',
    };
  }
}

export const counted = (by: number) => ({ type: 'Counted', data: { by } });
export const cleared = { type: 'Cleared', data: {} };
export const admired = { type: 'Admired', data: {} };

/** The view that a fold from the first event gives, without any of the machinery: keys to documents. */
export async function freshFold(
  projection: Projection,
  log: Pick<CounterLog, 'store' | 'codec'>,
): Promise<Record<string, object>> {
  const documents = new Map<string, object | null>();
  for (const event of await log.codec.decode(await log.store.readLog(null, 100_000))) {
    if ('cause' in event || !projection.types.has(event.type)) continue;
    const key = projection.keyOf(event as Envelope);
    if (key !== null) documents.set(key, projection.fold(documents.get(key) ?? null, event));
  }
  return Object.fromEntries([...documents].filter((entry): entry is [string, object] => entry[1] !== null));
}
