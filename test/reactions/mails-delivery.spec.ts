import { EmbeddedReadStore } from '../../src/adapters/embedded/view-store.js';
import { SmtpMailer } from '../../src/adapters/mail/smtp-mailer.js';
import { Follower } from '../../src/engine/follower.js';
import { Reactor } from '../../src/engine/reactor.js';
import * as past from '../domain/account/past.js';
import { ACCOUNT, MailRoom } from '../support/mail-room.js';
import { TestMailServer } from '../support/smtp-server.js';
import { eventually } from '../support/views.js';

const { registered } = past;

describe('Mails behind the reactor, over SMTP', () => {
  let room: MailRoom;
  let server: TestMailServer;
  const closing: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    room = new MailRoom();
    server = await new TestMailServer().start();
  });

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    await server.stop();
  });

  function startReactor(): Reactor {
    const mailer = new SmtpMailer({ url: server.url, from: 'no-reply@portal.example', closeMs: 100 });
    const mails = room.freshMails({ mailer });
    const follower = new Follower(room.log, room.codec);
    const views = EmbeddedReadStore.openInMemory();
    const options = { retryFirstMs: 5, retryMaxMs: 20 };
    const reactor = new Reactor([mails], follower, room.log, views, room.clock, options);
    follower.start();
    reactor.start();
    closing.push(
      () => mailer.close(),
      () => follower.close(),
      () => reactor.drain(1_000),
    );
    return reactor;
  }

  it('loses none and repeats none while the server is down', async () => {
    await room.happens(registered);
    const reactor = startReactor();
    await room.happens(past.suspended());
    await eventually(() => server.delivered.length === 1);
    await server.stop();

    await room.happens(past.reinstated('OfficerDecision'), past.resetRequested('r-1'));
    await eventually(() => reactor.states()[0]!.retries > 2);
    expect(reactor.states()[0]!.failure).toContain('ECONNREFUSED');
    await server.start();
    await eventually(async () => (await room.records()).length === 3);

    expect(server.delivered.map(({ subject }) => subject?.replace('CTPAT Portal: ', ''))).toEqual([
      'your account was suspended',
      'a suspension of your account was lifted',
      'set a new password',
    ]);
    const token = /token=([\w.-]+)/.exec(server.delivered[2]!.text!)![1]!;
    expect(room.links.open(['reset'], token)).toMatchObject({ accountId: ACCOUNT, linkId: 'r-1' });
    expect(reactor.states()[0]).toMatchObject({ failure: null, unfinishedCount: 0, parkedCount: 0 });
  });

  it('goes on with the next event after a refusal', async () => {
    await room.happens(registered);
    startReactor();
    server.answer('to', 550);
    await room.happens(past.suspended());
    await eventually(async () => (await room.records()).length === 1);
    server.answer('to');
    await room.happens(past.reinstated('OfficerDecision'));
    await eventually(async () => (await room.records()).length === 2);

    expect(server.delivered).toHaveLength(1);
    expect((await room.records()).map(({ type }) => type)).toEqual(['NoticeRefused', 'NoticeSent']);
  });
});
