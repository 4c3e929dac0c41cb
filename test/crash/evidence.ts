import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { EmbeddedLogReader } from '../../src/adapters/embedded/log-reader.js';
import { canonicalEmail } from '../../src/domain/email/address.js';
import { Codec, isUndecodable } from '../../src/engine/codec.js';
import type { Envelope } from '../../src/engine/envelope.js';
import { Keyring } from '../../src/engine/sealing.js';
import { deriveKey, keyedHash, masterKey } from '../../src/engine/secrets.js';
import { eventSources } from '../../src/event-sources.js';
import type { Position, RecordedEvent } from '../../src/ports.js';
import { ChildService } from '../support/child-service.js';
import type { Expected, Person } from './person.js';

const PAGE = 5_000;
/** Written by reactions and by reading, at times of their own. */
const besides = new Set(['NoticeSent', 'ResetLinkSent', 'SessionContinued']);

/** What stands in the log of a DATA_DIR, whether a service runs on it or was killed on it. */
export class Evidence {
  readonly events: Envelope[] = [];
  readonly complaints: string[] = [];
  private readonly byStream = new Map<string, Envelope[]>();
  private readonly accountsOf = new Map<string, string[]>();

  constructor(private readonly dataDir: string) {}

  /** Reads on, or from the first event again where it has read nothing. */
  async read(): Promise<this> {
    const log = EmbeddedLogReader.open(this.dataDir, null);
    const keys = EmbeddedKeyStore.openReadOnly(this.dataDir);
    try {
      const codec = new Codec(eventSources, keyringOf(this.dataDir, keys));
      for (;;) {
        const page = await log.readLog(this.head, PAGE);
        if (page.length === 0) return this;
        await this.take(page, codec);
      }
    } finally {
      await keys.close();
      log.close();
    }
  }

  get head(): Position | null {
    return this.events.at(-1)?.position ?? null;
  }

  streams(category: string): [string, readonly Envelope[]][] {
    return [...this.byStream].filter(([stream]) => stream.startsWith(`${category}-`));
  }

  /** Complains where something acknowledged is missing, came twice, or was torn apart. */
  hold(people: readonly Person[]): this {
    for (const person of people) this.holdPerson(person);
    return this;
  }

  /** Complains where something was done and not acknowledged, though nobody was killed. */
  holdAnswers(people: readonly Person[]): this {
    for (const person of people) {
      const done = this.historyOf(person).length;
      const acknowledged = person.acknowledged.length;
      if (done > acknowledged) {
        this.complaints.push(
          `${person.email}: ${done - acknowledged} events of something that was not answered`,
        );
      }
    }
    return this;
  }

  /** Complains where an address and its account do not agree. An address may wait for the account of a registration that is open. */
  holdClaims(people: readonly Person[]): this {
    const key = deriveKey(ChildService.configOf(this.dataDir).ADDRESS_KEY, 'email');
    const keyOf = (email: string) => keyedHash(key, [canonicalEmail(email)]);
    const open = new Set(people.filter(({ pending }) => pending).map(({ email }) => keyOf(email)));
    const accounts = new Map<string, string>();
    for (const [stream, [first]] of this.streams('account')) {
      accounts.set((first!.data as { emailKey: string }).emailKey, stream.slice('account-'.length));
    }
    for (const [stream, events] of this.streams('email')) {
      const emailKey = stream.slice('email-'.length);
      const { accountId } = events.at(-1)!.data;
      if (accounts.get(emailKey) !== accountId && !open.has(emailKey)) {
        this.complaints.push(`${stream} is held by ${String(accountId)}, which does not have this address`);
      }
    }
    for (const [emailKey, accountId] of accounts) {
      if (!this.byStream.has(`email-${emailKey}`)) this.complaints.push(`${accountId} holds no address`);
    }
    return this;
  }

  private async take(page: readonly RecordedEvent[], codec: Codec): Promise<void> {
    for (const event of await codec.decode(page)) {
      if (isUndecodable(event)) {
        this.complaints.push(`${event.record.stream}@${event.record.revision}: ${event.cause}`);
        throw new Error(this.complaints.at(-1));
      }
      const expected = Number(this.head ?? '0') + 1;
      if (Number(event.position) !== expected) {
        this.complaints.push(`position ${event.position} stands where ${expected} belongs`);
      }
      this.events.push(event);
      this.file(event);
    }
  }

  private file(event: Envelope): void {
    const { stream, revision, type, data } = event;
    const before = this.byStream.get(stream) ?? [];
    if (revision !== before.length)
      this.complaints.push(`${stream}@${revision} follows ${before.length - 1}`);
    before.push(event);
    this.byStream.set(stream, before);
    if (type !== 'AccountRegistered') return;
    const email = data.email as string;
    this.accountsOf.set(email, [...(this.accountsOf.get(email) ?? []), stream]);
  }

  private historyOf({ email }: Person): Envelope[] {
    const [account = ''] = this.accountsOf.get(email) ?? [];
    return (this.byStream.get(account) ?? []).filter(({ type }) => !besides.has(type));
  }

  private holdPerson(person: Person): void {
    const accounts = this.accountsOf.get(person.email) ?? [];
    if (accounts.length > 1) this.complaints.push(`${person.email} has ${accounts.length} accounts`);
    const actual = this.historyOf(person);
    const complaint = differenceOf(person, actual);
    if (complaint === null) return;
    const told = (events: readonly { type: string }[]) => events.map(({ type }) => type).join(' ');
    this.complaints.push(
      `${person.email}: ${complaint}\n  acknowledged: ${told(person.acknowledged)}\n  in the log:   ${told(actual)}`,
    );
  }
}

function differenceOf({ acknowledged, pending }: Person, actual: readonly Envelope[]): string | null {
  const usedMarks = new Set<string>();
  const differs = (expected: Expected, event: Envelope | undefined): boolean => {
    if (event?.type !== expected.type) return true;
    if (expected.revision !== undefined && expected.revision !== event.revision) return true;
    if (!expected.marks) return false;
    const mark = markOf(event);
    if (!expected.marks.includes(mark) || usedMarks.has(mark)) return true;
    usedMarks.add(mark);
    return false;
  };
  for (const [index, expected] of acknowledged.entries()) {
    if (differs(expected, actual[index])) return `acknowledged ${expected.type} (${index}) is not there`;
  }
  let at = acknowledged.length;
  for (const batch of pending?.writes ?? []) {
    if (at === actual.length) break;
    for (const expected of batch) {
      if (differs(expected, actual[at])) return `the append that begins with ${batch[0]!.type} is not whole`;
      at += 1;
    }
    const written = actual.slice(at - batch.length, at);
    const apart = written.some(
      ({ position }, index) => Number(position) !== Number(written[0]!.position) + index,
    );
    if (apart) return `other events stand within the append that begins with ${batch[0]!.type}`;
  }
  return at < actual.length ? `nobody asked for ${actual[at]!.type} (${at})` : null;
}

/** What only one request said: the agent that signed in, or the reason of an officer. */
function markOf({ data }: Envelope): string {
  const { client, reason } = data as { client?: { agent: string }; reason?: string };
  return client?.agent ?? reason ?? '';
}

export function keyringOf(dataDir: string, keys: EmbeddedKeyStore): Keyring {
  const { MASTER_KEY } = ChildService.configOf(dataDir);
  return new Keyring(keys, masterKey(MASTER_KEY));
}
