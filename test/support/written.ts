import { randomUUID } from 'node:crypto';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { Codec, isUndecodable, type EventSource, type Undecodable } from '../../src/engine/codec.js';
import type { Envelope, EventMeta } from '../../src/engine/envelope.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import type { KeyStore, RecordedEvent } from '../../src/ports.js';

export const MASTER = masterKey(new Uint8Array(32).fill(5));
export const PERSON = '0190a5e0-0000-7000-8000-00000000ada1';

export const meta: Omit<EventMeta, 'schema'> & { person: string } = {
  at: Date.UTC(2026, 2, 2, 9),
  actor: { kind: 'account', id: PERSON, role: null },
  person: PERSON,
  commandId: 'command-1',
  correlationId: 'correlation-1',
  causationId: 'causation-1',
  clientKey: 'client-1',
  fingerprint: 'fingerprint-1',
};

/** A codec, and what it makes of events when they are written and read again. */
export class Written {
  readonly keyring: Keyring;
  readonly codec: Codec;

  constructor(
    sources: readonly EventSource[],
    readonly keys: KeyStore = EmbeddedKeyStore.openInMemory(),
  ) {
    this.keyring = new Keyring(keys, MASTER);
    this.codec = new Codec(sources, this.keyring);
  }

  /** The event as the log returns it. */
  async write(
    type: string,
    data: object,
    stream = `account-${PERSON}`,
    about = meta,
    eventId: string = randomUUID(),
  ): Promise<RecordedEvent> {
    const record = await this.codec.encode({ type, data }, about, stream, eventId);
    return { ...record, stream, revision: 0, position: '1' };
  }

  async read(record: RecordedEvent): Promise<Envelope | Undecodable> {
    return (await this.codec.decode([record]))[0]!;
  }

  /** Throws what keeps it from being read. */
  async event(record: RecordedEvent): Promise<Envelope> {
    const read = await this.read(record);
    if (isUndecodable(read)) throw new Error(read.cause);
    return read;
  }

  /** Throws when it can be read. */
  async cause(record: RecordedEvent): Promise<string> {
    const read = await this.read(record);
    if (!isUndecodable(read)) throw new Error(`this was read: ${JSON.stringify(read)}`);
    return read.cause;
  }
}
