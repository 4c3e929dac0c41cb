import { accountDecider } from '../../src/domain/account/account.js';
import type { AccountEvent } from '../../src/domain/account/events.js';
import * as past from '../domain/account/past.js';
import { DAY, HOUR, MINUTE } from '../support/given.js';
import { ACCOUNT, MailRoom } from '../support/mail-room.js';

const { registered } = past;

/** What an event calls for as the account stands when its turn comes, which may be long after. */
describe('Mails', () => {
  let room: MailRoom;

  beforeEach(() => {
    room = new MailRoom();
  });

  describe('sends nothing once the situation has passed:', () => {
    type Stale = [
      title: string,
      before: readonly AccountEvent[],
      late: AccountEvent,
      since: readonly AccountEvent[],
      afterMs?: number,
    ];
    const stale: Stale[] = [
      ['confirmed already', [], past.unconfirmed, [past.emailConfirmed]],
      ['the registration has expired, though nobody recorded it', [], past.unconfirmed, [], 48 * HOUR],
      ['the registration has ended', [], past.unconfirmed, [past.registrationExpired('TooManyFailures')]],
      ['the confirmation link was asked for again', [], past.unconfirmed, [past.confirmationLinkRequested]],
      ['the invitation was accepted', [], past.invited, [past.invitationAccepted]],
      ['the invitation has expired', [], past.invited, [], 48 * HOUR],
      ['the reset link was used', registered, past.resetRequested(), [past.passwordReset()]],
      [
        'the reset link was revoked',
        registered,
        past.resetRequested(),
        [past.resetLinkRevoked('r-1', 'PasswordChanged')],
      ],
      [
        'another reset link lives',
        registered,
        past.resetRequested(),
        [past.resetLinkExpired('r-1'), past.resetRequested('r-2')],
        0,
      ],
      ['the reset link was asked for again', registered, past.resetRequested(), [past.resetRequested()]],
      ['the reset link is dead, though nobody recorded it', registered, past.resetRequested(), [], 2 * DAY],
      [
        'the reset was disowned',
        [...registered, past.resetRequested()],
        past.passwordReset(),
        [past.resetRepudiated()],
      ],
      [
        'the change of address was withdrawn',
        registered,
        past.emailChangeRequested('c-1', 'new'),
        [past.emailChangeExpired('c-1', 'new')],
      ],
      [
        'the change of address has expired',
        registered,
        past.emailChangeRequested('c-1', 'new'),
        [],
        48 * HOUR,
      ],
      [
        'the former address was released',
        [...registered, past.emailChangeRequested('c-1', 'new')],
        past.emailChanged('c-1', 'new', 'key-ada'),
        [],
        7 * DAY,
      ],
      ['the person was erased', registered, past.suspended(), [past.personErased]],
    ];

    it.each(stale)('%s', async (...[, before, event, since, afterMs = MINUTE]: Stale) => {
      if (before.length > 0) await room.happens(before);
      const [late] = await room.happens(event);
      room.clock.at += afterMs;
      if (since.length > 0) await room.happens(since);
      await room.react(late!);

      expect(room.mailer.sent).toEqual([]);
      expect(await room.records()).toEqual([]);
    });
  });

  describe('sends nothing about a person whose key was destroyed,', () => {
    const change = past.emailChangeRequested('c-1', 'new');

    it.each([
      [past.suspended(), []],
      [change, []],
      [past.emailChanged('c-1', 'new', 'key-ada'), [change]],
    ])('whether the account is still in memory or not (%#)', async (event, before) => {
      await room.happens(registered, before);
      const { revision } = (await room.happens(event))[0]!;
      await room.keyring.erase(ACCOUNT);
      const late = (await room.history())[revision]!;
      if (event.type !== 'AccountSuspended') await room.react(late);
      room.restart();
      await room.react(late);

      expect(room.mailer.sent).toEqual([]);
    });
  });

  it('tells of a lock even after it has ended', async () => {
    await room.happens(registered);
    const events = await room.happens(past.locked);
    room.clock.at += HOUR;
    await room.happens(past.lockExpired);
    await room.react(events.at(-1)!);

    expect(room.mailer.sent.map(({ subject }) => subject)).toEqual(['CTPAT Portal: your account was locked']);
  });

  it('sends no reset link once the door is shut: it says so, and the link still waits to be mailed', async () => {
    await room.happens(registered);
    const [event] = await room.happens(past.resetRequested('r-1'));
    await room.happens(past.suspended());
    await room.react(event!);

    const [mail] = room.mailer.sent;
    expect(mail!.text).toContain('We send no link');
    expect(mail!.text + mail!.html).not.toContain('token=');
    expect(await room.records()).toMatchObject([{ type: 'NoticeSent' }]);
    const { state } = await room.streams.read(accountDecider, ACCOUNT);
    expect(state).toMatchObject({ recovery: { link: { id: 'r-1', expiresAt: null } } });
  });
});
