import { randomUUID } from 'node:crypto';
import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { RandomIds } from '../../src/adapters/system.js';
import { MailedLinks } from '../../src/commands/mailed-link.js';
import { accountDecider } from '../../src/domain/account/account.js';
import type { AccountEvent } from '../../src/domain/account/events.js';
import { Codec, isUndecodable } from '../../src/engine/codec.js';
import type { Envelope } from '../../src/engine/envelope.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { Streams } from '../../src/engine/streams.js';
import { type Mail, Mailer } from '../../src/ports.js';
import { Mails, type MailsOptions } from '../../src/reactions/mails.js';
import { FixedClock } from './counters.js';
import { HOUR, T0 } from './given.js';

export const PUBLIC_URL = 'https://portal.example';
export const ACCOUNT = '0190a5e0-0000-7000-8000-00000000ada1';

/** Keeps what it is given, unless the test has it fail. */
export class FakeMailer extends Mailer {
  readonly sent: Mail[] = [];
  /** Thrown in place of sending; by recipient when the test says so. */
  failure: ((mail: Mail) => Error | undefined) | null = null;

  override async send(mail: Mail): Promise<void> {
    const failure = this.failure?.(mail);
    if (failure) throw failure;
    this.sent.push(mail);
  }

  override async close(): Promise<void> {}
}

/** One account on stores in memory, and the reaction that mails about it. */
export class MailRoom {
  readonly clock = new FixedClock(T0);
  readonly log = EmbeddedEventStore.openInMemory();
  readonly keyring = new Keyring(EmbeddedKeyStore.openInMemory(), masterKey(new Uint8Array(32).fill(3)));
  readonly codec = new Codec([accountDecider], this.keyring);
  readonly links = new MailedLinks(masterKey(new Uint8Array(32).fill(9)), [], PUBLIC_URL);
  readonly mailer = new FakeMailer();
  streams = this.freshStreams();
  mails = this.freshMails();

  /** As after a restart: nothing remembered but what the log holds. */
  restart(overrides: Partial<MailsOptions> = {}): void {
    this.streams = this.freshStreams();
    this.mails = this.freshMails(overrides);
  }

  /** Records the events as one command, at the clock's time. */
  async happens(...events: readonly (AccountEvent | readonly AccountEvent[])[]): Promise<Envelope[]> {
    const id = randomUUID();
    const actor = { kind: 'stranger', id: 'test', role: null } as const;
    const context = { commandId: id, actor, correlationId: `story-${id}`, causationId: id };
    const { revision } = await this.streams.decide(accountDecider, ACCOUNT, () => events.flat(), context);
    return (await this.history()).slice(revision + 1 - events.flat().length);
  }

  /** Records the events, and reacts to each. Returns the mails that this made. */
  async mailed(...events: readonly (AccountEvent | readonly AccountEvent[])[]): Promise<Mail[]> {
    const before = this.mailer.sent.length;
    for (const event of await this.happens(...events)) await this.react(event);
    return this.mailer.sent.slice(before);
  }

  async react(event: Envelope): Promise<void> {
    if (this.mails.types.has(event.type)) await this.mails.react(event);
  }

  /** Reacts to everything from the start of the log, as when the checkpoint was lost. */
  async replay(): Promise<void> {
    for (const event of await this.history()) await this.react(event);
  }

  async history(): Promise<Envelope[]> {
    const events = await this.codec.decode(await this.log.readLog(null, 1_000));
    return events.map((event) => {
      if (isUndecodable(event)) throw new Error(event.cause);
      return event;
    });
  }

  /** What the reaction wrote on the account. */
  async records(): Promise<Envelope[]> {
    const types = ['NoticeSent', 'NoticeRefused', 'ResetLinkSent'];
    return (await this.history()).filter(({ type }) => types.includes(type));
  }

  freshMails(overrides: Partial<MailsOptions> = {}): Mails {
    const { streams, mailer, clock, links } = this;
    return new Mails({
      ...{ streams, mailer, clock, links },
      publicUrl: PUBLIC_URL,
      contacts: {
        specialistAndFieldOffice: 'your Specialist or field office',
        dutyOfficer: 'the Duty Officer at 202',
      },
      resetLinkLifetimeMs: 24 * HOUR,
      ...overrides,
    });
  }

  private freshStreams(): Streams {
    return new Streams(this.log, this.codec, this.clock, new RandomIds(), { soleWriter: true });
  }
}
