import { openKept } from '../../src/cli/kept-stores.js';
import type { Config } from '../../src/config.js';
import { canonicalEmail } from '../../src/domain/email/address.js';
import { Codec, isUndecodable } from '../../src/engine/codec.js';
import type { Envelope } from '../../src/engine/envelope.js';
import { Keyring } from '../../src/engine/sealing.js';
import { deriveKey, keyedHash, masterKey } from '../../src/engine/secrets.js';
import { eventSources } from '../../src/event-sources.js';
import type { KeyStore, Position, RecordedEvent } from '../../src/ports.js';
import { ChildService } from '../support/child-service.js';
import type { Expected, Person } from './person.js';

const PAGE = 5_000;
/** Written by reactions and by reading, at times of their own. */
const besides = new Set(['NoticeSent', 'ResetLinkSent', 'SessionContinued']);

/** What stands in the log of a DATA_DIR, or on the servers of a configuration, whether services run on it or were killed on it. */
export class Evidence {
  readonly events: Envelope[] = [];
  readonly complaints: string[] = [];
  private readonly byStream = new Map<string, Envelope[]>();
  private readonly accountsOf = new Map<string, string[]>();
  private readonly places = new Map<Position, number>();

  constructor(private readonly where: Where) {}

  /** Reads on, or from the first event again where it has read nothing. */
  async read(): Promise<this> {
    const { events: log, keys, close } = await openKept(configOf(this.where));
    try {
      const codec = new Codec(eventSources, keyringOf(this.where, keys));
      for (;;) {
        const page = await log.readLog(this.head, PAGE);
        if (page.length === 0) return this;
        await this.take(page, codec);
      }
    } finally {
      await close();
    }
  }

  get head(): Position | null {
    return this.events.at(-1)?.position ?? null;
  }

  /** How many events come up to this position. */
  countTo(position: Position | null): number {
    return position === null ? 0 : this.places.get(position)! + 1;
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
      // Of several requests sent at once, some may have come too late: each that was answered accounts for one append.
      const inPart = (person.pending?.writes ?? []).slice(0, person.answeredKeys.size).flat();
      const answered = person.acknowledged.length + inPart.length;
      if (done > answered) {
        this.complaints.push(`${person.email}: ${done - answered} events of something that was not answered`);
      }
    }
    return this;
  }

  /** Complains where an address and its account do not agree. An address may wait for the account of a registration that is open. */
  holdClaims(people: readonly Person[]): this {
    const key = deriveKey(configOf(this.where).ADDRESS_KEY, 'email');
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
      if (typeof this.where === 'string' && Number(event.position) !== expected) {
        this.complaints.push(`position ${event.position} stands where ${expected} belongs`);
      }
      this.places.set(event.position, this.events.length);
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
    const complaint = differenceOf(person, actual, (event) => this.countTo(event.position));
    if (complaint === null) return;
    const told = (events: readonly { type: string }[]) => events.map(({ type }) => type).join(' ');
    this.complaints.push(
      `${person.email}: ${complaint}\n  acknowledged: ${told(person.acknowledged)}\n  in the log:   ${told(actual)}`,
    );
  }
}

function differenceOf(
  { acknowledged, pending }: Person,
  actual: readonly Envelope[],
  placeOf: (event: Envelope) => number,
): string | null {
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
    const apart = written.some((event, index) => placeOf(event) !== placeOf(written[0]!) + index);
    if (apart) return `other events stand within the append that begins with ${batch[0]!.type}`;
  }
  return at < actual.length ? `nobody asked for ${actual[at]!.type} (${at})` : null;
}

/** What only one request said: the agent that signed in, or the reason of an officer. */
function markOf({ data }: Envelope): string {
  const { client, reason } = data as { client?: { agent: string }; reason?: string };
  return client?.agent ?? reason ?? '';
}

export function keyringOf(where: Where, keys: KeyStore): Keyring {
  return new Keyring(keys, masterKey(configOf(where).MASTER_KEY));
}

/** A DATA_DIR, or the configuration of services on servers. */
export type Where = string | Config;

export const configOf = (where: Where): Config =>
  typeof where === 'string' ? ChildService.configOf(where) : where;
