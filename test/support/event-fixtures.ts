import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import type { Decider } from '../../src/domain/decider.js';
import type { EventShapes, PastEvent } from '../../src/domain/events.js';
import type { Envelope } from '../../src/engine/envelope.js';
import { eventSources } from '../../src/event-sources.js';
import type { EventRecord, KeyStore, RecordedEvent } from '../../src/ports.js';
import { samples, type Sample } from './event-samples.js';
import { MINUTE, T0 } from './given.js';
import { meta, PERSON, Written } from './written.js';

/** One event as this version or an older one stored it, and what it made of its stream. What was
 *  stored is never changed: it stands for events that are in logs. */
export interface Fixture {
  /** Types of the fixtures that come before it in its stream. */
  readonly after: readonly string[];
  readonly record: EventRecord & { readonly stream: string };
  readonly data: Record<string, unknown>;
  readonly state: unknown;
}

const folder = new URL('../fixtures/events/', import.meta.url);
const fileOf = (type: string, schema: number) => new URL(`${type}.v${schema}.json`, folder);
const keyFile = new URL('key.json', folder);

export const hasFixture = (type: string, schema: number): boolean => existsSync(fileOf(type, schema));

export const readFixture = (type: string, schema = 1): Fixture =>
  JSON.parse(readFileSync(fileOf(type, schema), 'utf8')) as Fixture;

export const recorded = ({ record }: Fixture): RecordedEvent => ({ ...record, revision: 0, position: '1' });

/** Reads what the fixtures sealed. */
export async function fixtureReader(): Promise<Written> {
  const keys: KeyStore = EmbeddedKeyStore.openInMemory();
  if (existsSync(keyFile)) {
    const key = JSON.parse(readFileSync(keyFile, 'utf8')) as { masterKeyId: string; wrapped: string };
    await keys.putIfAbsent({ ...key, person: PERSON, wrapped: Buffer.from(key.wrapped, 'base64') });
  }
  return new Written(eventSources, keys);
}

/** The state of the stream after these events, as JSON can tell it. */
export function stateAfter(events: readonly Envelope[]): unknown {
  const [{ type }] = events as [Envelope];
  const source = eventSources.find((kind) => type in kind.events);
  const { initial, evolve } = source as unknown as Decider<EventShapes, unknown>;
  const state = events.reduce(
    (known, event) => evolve(known, event as unknown as PastEvent<EventShapes>, event.meta.at),
    initial,
  );
  return JSON.parse(JSON.stringify(state)) as unknown;
}

/** Writes fixtures for events of today that have none, and leaves those that are there alone. */
export async function writeMissingFixtures(schemaOf: (type: string) => number): Promise<void> {
  const written = await fixtureReader();
  await writeKey(written);
  for (const [index, sample] of samples.entries()) {
    const { type } = sample.event;
    if (hasFixture(type, schemaOf(type))) continue;
    const fixture = await made(written, sample, index);
    writeFileSync(fileOf(type, schemaOf(type)), `${JSON.stringify(fixture, null, 2)}\n`);
  }
}

/** The key goes first: what is sealed with one that is lost can never be read. */
async function writeKey(written: Written): Promise<void> {
  if (existsSync(keyFile)) return;
  await written.keyring.sealingKey(PERSON);
  const { masterKeyId, wrapped } = (await written.keys.find([PERSON])).get(PERSON)!;
  const key = { masterKeyId, wrapped: Buffer.from(wrapped).toString('base64') };
  writeFileSync(keyFile, `${JSON.stringify(key, null, 2)}\n`);
}

async function made(written: Written, { event, after }: Sample, index: number): Promise<Fixture> {
  const { category } = eventSources.find(({ events }) => event.type in events)!;
  const about = { ...meta, at: T0 + index * MINUTE };
  const eventId = `0190a5e0-0000-7000-8000-${String(index).padStart(12, '0')}`;
  const stored = await written.write(event.type, event.data, `${category}-${PERSON}`, about, eventId);
  const { revision: _, position: __, ...record } = stored;
  const read = await written.event(stored);
  const before = await Promise.all(after.map((type) => written.event(recorded(readFixture(type)))));
  return { after, record, data: read.data as Record<string, unknown>, state: stateAfter([...before, read]) };
}
