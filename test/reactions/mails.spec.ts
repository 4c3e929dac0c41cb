import { v5 as uuidv5 } from 'uuid';
import { accountDecider } from '../../src/domain/account/account.js';
import type { AccountEvent } from '../../src/domain/account/events.js';
import { MailRefused, StoreUnavailable } from '../../src/ports.js';
import * as past from '../domain/account/past.js';
import { HOUR, T0 } from '../support/given.js';
import { ACCOUNT, MailRoom } from '../support/mail-room.js';

const { registered } = past;

describe('Mails', () => {
  let room: MailRoom;

  beforeEach(async () => {
    room = new MailRoom();
  });

  it('records a notice on the account, as its own doing and as a consequence of the event', async () => {
    await room.happens(registered);
    const [event] = await room.happens(past.suspended());
    await room.react(event!);

    const messageId = `<${event!.eventId}.suspended@portal.example>`;
    expect(room.mailer.sent.map((mail) => mail.messageId)).toEqual([messageId]);
    expect(await room.records()).toMatchObject([
      {
        type: 'NoticeSent',
        data: { forEvent: event!.eventId, forRevision: event!.revision, messageId },
        meta: {
          actor: { kind: 'system', id: 'mails', role: null },
          commandId: uuidv5('mails', event!.eventId),
          correlationId: event!.meta.correlationId,
          causationId: event!.eventId,
        },
      },
    ]);
  });

  it('starts the life of a reset link when its mail was taken', async () => {
    await room.happens(registered);
    const [event] = await room.happens(past.resetRequested('r-1'));
    room.clock.at += HOUR;
    await room.react(event!);

    const messageId = `<${event!.eventId}.reset@portal.example>`;
    const expiresAt = T0 + HOUR + 24 * HOUR;
    expect(await room.records()).toMatchObject([
      { type: 'ResetLinkSent', data: { resetId: 'r-1', expiresAt, messageId, forRevision: event!.revision } },
    ]);
  });

  describe('mails nothing twice', () => {
    const stories: readonly (readonly AccountEvent[])[] = [
      [past.unconfirmed, past.confirmationLinkRequested],
      [...registered, ...past.locked, past.unlocked, past.suspended(), past.reinstated('OfficerDecision')],
      [...registered, past.resetRequested('r-1')],
      [...registered, past.emailChangeRequested('c-1', 'new')],
    ];

    it.each(stories.map((story) => [story.at(-1)!.type, story] as const))(
      'when the log is read again from its start, after a restart (up to %s)',
      async (_last, story) => {
        for (const event of story) {
          room.clock.at += 1;
          await room.mailed(event);
        }
        const sent = room.mailer.sent.length;
        expect(sent).toBeGreaterThan(0);
        room.restart();
        await room.replay();

        expect(room.mailer.sent).toHaveLength(sent);
      },
    );

    it('when its own record comes by', async () => {
      await room.mailed(registered);
      await room.mailed(past.suspended());

      expect((await room.records()).filter(({ type }) => room.mails.types.has(type))).toEqual([]);
    });
  });

  describe('between sending and recording', () => {
    it('killed: sends again with the same Message-ID, and records once', async () => {
      await room.happens(registered);
      const [event] = await room.happens(past.suspended());
      breakNextRecord();
      await expect(room.react(event!)).rejects.toThrow(StoreUnavailable);
      room.restart();
      await room.react(event!);
      await room.react(event!);

      const [first, second, ...more] = room.mailer.sent.map(({ messageId }) => messageId);
      expect([second, more]).toEqual([first, []]);
      expect(await room.records()).toHaveLength(1);
    });

    it('failed, but alive: only records', async () => {
      await room.happens(registered);
      const [event] = await room.happens(past.resetRequested('r-1'));
      breakNextRecord();
      await expect(room.react(event!)).rejects.toThrow(StoreUnavailable);
      await room.react(event!);

      expect(room.mailer.sent).toHaveLength(1);
      expect(await room.records()).toMatchObject([{ type: 'ResetLinkSent' }]);
    });

    function breakNextRecord(): void {
      const { streams } = room;
      const decide = streams.decide.bind(streams);
      streams.decide = () => {
        streams.decide = decide;
        return Promise.reject(new StoreUnavailable('the test pulled the plug'));
      };
    }
  });

  describe('with a mail server that refuses', () => {
    it('records it and goes on: no mail is tried for ever', async () => {
      const told: unknown[] = [];
      await room.happens(registered);
      room.restart({ onRefused: (event, kind, refusal) => told.push([event.type, kind, refusal.message]) });
      room.mailer.failure = () => new MailRefused('550');
      const [event] = await room.happens(past.suspended());
      await room.react(event!);
      await room.react(event!);

      expect(told).toEqual([['AccountSuspended', 'suspended', '550']]);
      expect(await room.records()).toMatchObject([
        { type: 'NoticeRefused', data: { forEvent: event!.eventId, forRevision: event!.revision } },
      ]);
    });

    it('one of two mails: sends the other, once, and records the refusal', async () => {
      await room.happens(registered);
      room.mailer.failure = ({ to }) => (to === 'new@example.net' ? new MailRefused('550') : undefined);
      const sent = await room.mailed(past.emailChangeRequested('c-1', 'new'));

      expect(sent.map(({ to }) => to)).toEqual(['Ada@example.org']);
      expect(await room.records()).toMatchObject([{ type: 'NoticeRefused' }]);
    });
  });

  describe('with a mail server in trouble', () => {
    it('fails, so that it is called again, and records nothing', async () => {
      await room.happens(registered);
      const [event] = await room.happens(past.suspended());
      room.mailer.failure = () => new Error('connection refused');
      await expect(room.react(event!)).rejects.toThrow('connection refused');
      expect(await room.records()).toEqual([]);
      room.mailer.failure = null;
      await room.react(event!);

      expect(room.mailer.sent).toHaveLength(1);
      expect(await room.records()).toHaveLength(1);
    });

    it('with one of two mails: does not send the other again each time', async () => {
      await room.happens(registered);
      const [event] = await room.happens(past.emailChangeRequested('c-1', 'new'));
      room.mailer.failure = ({ to }) => (to === 'new@example.net' ? new Error('450') : undefined);
      for (let tries = 0; tries < 3; tries += 1) await expect(room.react(event!)).rejects.toThrow('450');
      room.mailer.failure = null;
      await room.react(event!);

      expect(room.mailer.sent.map(({ to }) => to)).toEqual(['Ada@example.org', 'new@example.net']);
    });
  });

  it('waits for a state that knows the event', async () => {
    await room.happens(registered);
    const [event] = await room.happens(past.suspended());
    const stale = await room.streams.read(accountDecider, ACCOUNT);
    room.streams.read = async () => ({ ...stale, revision: event!.revision - 1 }) as never;

    await expect(room.react(event!)).rejects.toThrow('before this event');
    expect(room.mailer.sent).toEqual([]);
  });

  it('refuses a PUBLIC_URL whose host would not fit the record', () => {
    expect(() => room.freshMails({ publicUrl: `https://${'a.'.repeat(70)}example` })).toThrow(RangeError);
  });
});
