import { randomUUID } from 'node:crypto';
import { EmbeddedEventStore } from '../../../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../../../src/adapters/embedded/key-store.js';
import { RandomIds } from '../../../src/adapters/system.js';
import { MailedLinks } from '../../../src/commands/mailed-link.js';
import type { LegacyAccountEvent } from '../../../src/domain/legacy-account/events.js';
import { legacyAccountDecider } from '../../../src/domain/legacy-account/legacy-account.js';
import { Codec, isUndecodable } from '../../../src/engine/codec.js';
import type { Envelope } from '../../../src/engine/envelope.js';
import { Keyring } from '../../../src/engine/sealing.js';
import { masterKey } from '../../../src/engine/secrets.js';
import { Streams } from '../../../src/engine/streams.js';
import { MailRefused } from '../../../src/ports.js';
import { LegacyAccountMails } from '../../../src/reactions/legacy-account-mails.js';
import { legacyWriters } from '../../../src/reactions/mail/legacy-passwords.js';
import * as past from '../../domain/legacy-account/past.js';
import { FakeClock } from '../../support/portal.js';
import { DAY, MINUTE, T0 } from '../../support/given.js';
import { FakeMailer, PUBLIC_URL } from '../../support/mail-room.js';

const ADA = 'ada@harbor-imports.example';
const LEGACY = 'legacy-1';

/** One legacy account on stores in memory, and the reaction that mails its user. */
class LegacyRoom {
  readonly clock = new FakeClock(T0);
  readonly log = EmbeddedEventStore.openInMemory();
  readonly keyring = new Keyring(EmbeddedKeyStore.openInMemory(), masterKey(new Uint8Array(32).fill(3)));
  readonly codec = new Codec([legacyAccountDecider], this.keyring);
  readonly links = new MailedLinks(masterKey(new Uint8Array(32).fill(9)), [], PUBLIC_URL);
  readonly mailer = new FakeMailer();

  async happens(...events: readonly LegacyAccountEvent[]): Promise<Envelope> {
    const id = randomUUID();
    const actor = { kind: 'account', id: 'desmond', role: 'serviceDesk' } as const;
    const context = { commandId: id, actor, correlationId: id, causationId: id };
    await this.streams().decide(legacyAccountDecider, LEGACY, () => events, context);
    return (await this.history()).at(-1)!;
  }

  /** As after a restart: nothing remembered but what the log holds. */
  async react(event: Envelope): Promise<void> {
    const { mailer, clock, links } = this;
    const options = { mailer, clock, links, publicUrl: PUBLIC_URL, linkLifetimeMs: DAY };
    await new LegacyAccountMails({ streams: this.streams(), ...options }).react(event);
  }

  async history(): Promise<Envelope[]> {
    const events = await this.codec.decode(await this.log.readLog(null, 1_000));
    return events.map((event) => {
      if (isUndecodable(event)) throw new Error(event.cause);
      return event;
    });
  }

  private streams(): Streams {
    return new Streams(this.log, this.codec, this.clock, new RandomIds(), { soleWriter: true });
  }
}

let room: LegacyRoom;
beforeEach(() => {
  room = new LegacyRoom();
});
const lastType = async () => (await room.history()).at(-1)!.type;

describe('the mail about', () => {
  it.each([
    ['a reset', past.linkRequested('l-1', 'Reset', 'Called.'), 'the ACE Service Desk was asked'],
    ['a new user', past.linkRequested('l-1', 'SetUp'), 'an Account Owner created an individual'],
  ])('%s: a link, who asked, and what to do if it was not you', async (_what, requested, words) => {
    await room.react(await room.happens(past.imported(), requested));
    const [{ to, subject, text, html }] = room.mailer.sent as [(typeof room.mailer.sent)[0]];
    expect(to).toBe(ADA);
    expect(subject).toMatch(/^ACE Portal: set [^\r\n]{5,70}$/);
    for (const saying of [
      words,
      'On March 2, 2026 at 09:00 UTC',
      'ignore this mail',
      '/legacy-password?token=',
    ]) {
      expect(text).toContain(saying);
    }
    expect(text + html).not.toMatch(/undefined|null|CTPAT|ADAOK01|Called\./);
    expect(html).not.toMatch(/<(img|script|style|iframe|form)|\bsrc=/);
    const token = /token=([\w.-]+)/.exec(text)![1]!;
    expect(room.links.open(['legacy-password'], token)).toMatchObject({ accountId: LEGACY, linkId: 'l-1' });
    expect(room.links.open(['reset', 'confirm', 'enrol'], token)).toBeNull();
  });

  it('a password that was set', async () => {
    await room.react(await room.happens(past.imported(), past.linkRequested(), past.passwordReset()));
    const [mail] = room.mailer.sent;
    expect([mail!.to, mail!.subject]).toEqual([
      ADA,
      'ACE Portal: the password of your legacy account was set',
    ]);
    expect(await lastType()).toBe('LegacyNoticeSent');
  });

  it('every event that calls for one is told above', () => {
    const elsewhere = ['IndividualUserRevoked'];
    const here = ['LegacyPasswordLinkRequested', 'LegacyPasswordReset'];
    expect(Object.keys(legacyWriters)).toEqual([...here, ...elsewhere]);
  });

  it('a link is sent once, whoever reacts, and recorded: it lives from then on', async () => {
    const event = await room.happens(past.imported(), past.linkRequested());
    room.clock.advance(MINUTE);
    for (let time = 1; time <= 3; time += 1) await room.react(event);
    expect(room.mailer.sent).toHaveLength(1);
    const { type, data } = (await room.history()).at(-1)!;
    expect([type, data]).toEqual([
      'LegacyPasswordLinkSent',
      {
        ...{ linkId: 'l-1', expiresAt: T0 + MINUTE + DAY, forRevision: 1 },
        messageId: `<${event.eventId}.legacy-password-link@portal.example>`,
      },
    ]);
  });

  it('a link that was cut off before it was recorded goes out again with the same Message-ID', async () => {
    const event = await room.happens(past.imported(), past.linkRequested());
    const append = room.log.append.bind(room.log);
    room.log.append = () => Promise.reject(new Error('power cut'));
    await expect(room.react(event)).rejects.toThrow('power cut');
    room.log.append = append;
    await room.react(event);
    const [first, second] = room.mailer.sent;
    expect(second).toEqual(first);
    expect(await lastType()).toBe('LegacyPasswordLinkSent');
  });

  it('a link that is used, dead, or asked for again since is not sent', async () => {
    const first = await room.happens(past.imported(), past.linkRequested());
    room.clock.advance(MINUTE);
    const again = await room.happens(past.linkRequested());
    await room.react(first);
    expect(room.mailer.sent).toEqual([]);
    await room.happens(past.changed({ passwordHash: 'legacy-hash-2' }));
    await room.react(again);
    const late = await room.happens(past.linkRequested('l-2'));
    room.clock.advance(DAY);
    await room.react(late);
    const used = await room.happens(past.linkRequested('l-3'));
    await room.happens(past.passwordReset('l-3'));
    await room.react(used);
    expect(room.mailer.sent).toEqual([]);
  });

  it('a link that the mail server refuses for good is recorded, and not tried again', async () => {
    const event = await room.happens(past.imported(), past.linkRequested());
    room.mailer.failure = () => new MailRefused('no such mailbox');
    await room.react(event);
    room.mailer.failure = null;
    await room.react(event);
    expect(room.mailer.sent).toEqual([]);
    expect(await lastType()).toBe('LegacyNoticeRefused');
  });

  it('a link waits while the mail server is away', async () => {
    const event = await room.happens(past.imported(), past.linkRequested());
    room.mailer.failure = () => new Error('away');
    await expect(room.react(event)).rejects.toThrow('away');
    expect(await lastType()).toBe('LegacyPasswordLinkRequested');
  });

  it('somebody who was erased goes to nobody', async () => {
    const event = await room.happens(past.imported(), past.linkRequested());
    await room.keyring.erase(LEGACY);
    await room.react(event);
    expect(room.mailer.sent).toEqual([]);
  });
});
