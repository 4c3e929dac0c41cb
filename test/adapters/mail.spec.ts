import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { mailServer } from '../../src/adapters/mail/mail-server.js';
import { Mailbox } from '../../src/adapters/mail/mailbox.js';
import { NoMailer } from '../../src/adapters/mail/no-mailer.js';
import { SmtpMailer } from '../../src/adapters/mail/smtp-mailer.js';
import { Clock, type Mail, MailRefused } from '../../src/ports.js';
import { TestMailServer } from '../support/smtp-server.js';

const mail: Mail = {
  messageId: '<0190.reset@portal.example>',
  to: 'Ada@example.org',
  subject: 'A subject with “quotes”',
  text: 'Line one\n\nhttps://portal.example/reset?token=abc.def\n',
  html: '<p>Line one</p>',
};
const from = 'Trade Portal <no-reply@portal.example>';

describe('SmtpMailer', () => {
  const server = new TestMailServer();
  const mailers: SmtpMailer[] = [];
  const mailerTo = (url: string, options = {}): SmtpMailer => {
    const mailer = new SmtpMailer({ url, from, closeMs: 100, ...options });
    mailers.push(mailer);
    return mailer;
  };

  beforeEach(async () => {
    server.delivered.length = 0;
    await server.start();
  });

  afterEach(async () => {
    for (const mailer of mailers.splice(0)) await mailer.close();
    for (const step of ['greeting', 'from', 'to', 'data'] as const) server.answer(step);
    await server.stop();
  });

  it('hands over text and HTML, with the Message-ID given, marked as sent by a machine', async () => {
    await mailerTo(server.url).send(mail);

    const [got] = server.delivered;
    expect(got).toMatchObject({
      recipients: ['Ada@example.org'],
      messageId: mail.messageId,
      subject: mail.subject,
      from: { name: 'Trade Portal', address: 'no-reply@portal.example' },
      to: [{ address: 'Ada@example.org' }],
      attachments: [],
    });
    expect(got!.text!.trimEnd()).toBe(mail.text.trimEnd());
    expect(got!.html!.trimEnd()).toBe(mail.html);
    expect(header(got!, 'auto-submitted')).toEqual(['auto-generated']);
  });

  it('keeps its connection from one mail to the next', async () => {
    const before = server.connections;
    const mailer = mailerTo(server.url);
    for (let sent = 0; sent < 5; sent += 1) await mailer.send(mail);

    expect(server.delivered).toHaveLength(5);
    expect(server.connections - before).toBe(1);
  });

  it.each([
    ['to', 550],
    ['to', 553],
    ['data', 554],
    ['data', 552],
  ] as const)(
    'takes a 5xx answer to this mail (%s: %i) for a refusal, and goes on with the next',
    async (step, code) => {
      const mailer = mailerTo(server.url);
      server.answer(step, code);
      await expect(mailer.send(mail)).rejects.toThrow(MailRefused);
      server.answer(step);
      await mailer.send(mail);

      expect(server.delivered).toHaveLength(1);
    },
  );

  it.each([
    ['greeting', 554],
    ['from', 550],
    ['to', 450],
    ['to', 530],
    ['to', 503],
    ['data', 451],
    ['data', 421],
  ] as const)('takes every other answer (%s: %i) for a trouble that may pass', async (step, code) => {
    const mailer = mailerTo(server.url);
    server.answer(step, code);
    const failure = await mailer.send(mail).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(MailRefused);
    server.answer(step);
    await mailer.send(mail);

    expect(server.delivered).toHaveLength(1);
  });

  it('tells codes, never the words of the server, which repeat the address', async () => {
    const mailer = mailerTo(server.url);
    for (const code of [550, 450]) {
      server.answer('to', code, '<Ada@example.org> user unknown');
      const failure = (await mailer.send(mail).catch((error: unknown) => error)) as Error;

      expect(failure.message).toContain(String(code));
      expect(`${failure.stack} ${JSON.stringify(failure)} ${String(failure.cause)}`).not.toContain('Ada');
    }
  });

  it('fails in an ordinary way while nothing listens, and delivers once something does', async () => {
    const mailer = mailerTo(server.url);
    await mailer.send(mail);
    await server.stop();
    const failure = (await mailer.send(mail).catch((error: unknown) => error)) as Error;
    expect(failure).not.toBeInstanceOf(MailRefused);
    expect(failure.message).toContain('ECONNREFUSED');
    await server.start();
    await mailer.send(mail);

    expect(server.delivered).toHaveLength(2);
  });

  it('goes through a restart of the server without a failure', async () => {
    const mailer = mailerTo(server.url);
    await mailer.send(mail);
    await server.stop();
    await server.start();
    await mailer.send(mail);

    expect(server.delivered).toHaveLength(2);
  });

  it.each([
    'ada@example.org, eve@example.net',
    'ada@example.org\r\nBcc: eve@example.net',
    'ada@example.org>\r\nRCPT TO:<eve@example.net',
    'Ada <ada@example.org>',
    '"ada eve"@example.org',
    'group: ada@example.org;',
    'adá@example.org',
    'ada',
    '',
  ])('sends nothing to %j', async (to) => {
    await expect(mailerTo(server.url).send({ ...mail, to })).rejects.toThrow(MailRefused);
    expect(server.delivered).toEqual([]);
  });

  it('lets no line end in a subject or Message-ID make a header', async () => {
    const evil = '\r\nBcc: eve@example.net\r\n\r\n';
    await mailerTo(server.url).send({
      ...mail,
      subject: `Hello${evil}`,
      messageId: `<1${evil}@portal.example>`,
    });

    const [got] = server.delivered;
    expect(got!.recipients).toEqual([mail.to]);
    expect(header(got!, 'bcc')).toEqual([]);
    expect(got!.text!.trimEnd()).toBe(mail.text.trimEnd());
  });

  it('reads no file and no address that a mail may name', async () => {
    const text = { path: '/etc/hostname' } as unknown as string;
    const html = { href: server.url.replace('smtp', 'http') } as unknown as string;
    const mailer = mailerTo(server.url);

    await expect(mailer.send({ ...mail, text })).rejects.toThrow('EFILEACCESS');
    await expect(mailer.send({ ...mail, html })).rejects.toThrow('EURLACCESS');
    expect(server.delivered).toEqual([]);
  });

  describe('with a server that hangs', () => {
    const sockets = new Set<Socket>();
    let silent: Server;
    let url: string;
    let trickle: NodeJS.Timeout | undefined;

    const listen = async (greet: (socket: Socket) => void): Promise<void> => {
      silent = createServer((socket) => {
        sockets.add(socket.on('error', () => undefined));
        greet(socket);
      });
      await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
      url = `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    };

    afterEach(async () => {
      clearInterval(trickle);
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => silent.close(closed));
    });

    it('gives up one that never greets', async () => {
      await listen(() => undefined);
      await expect(mailerTo(url, { stepMs: 50 }).send(mail)).rejects.toThrow('ETIMEDOUT');
    });

    it('gives up one that falls silent after its greeting', async () => {
      await listen((socket) => socket.write('220 hello\r\n'));
      await expect(mailerTo(url, { stepMs: 50 }).send(mail)).rejects.toThrow('ETIMEDOUT');
    });

    it('gives up one that trickles its answer', async () => {
      await listen((socket) => {
        socket.write('220 hello\r\n250');
        trickle = setInterval(() => socket.write('-x\r\n250'), 10);
      });
      await expect(mailerTo(url, { stepMs: 5_000, mailMs: 100 }).send(mail)).rejects.toThrow('EABORT');
    });

    it('closes in bounded time, and fails the mail under way', async () => {
      await listen((socket) => socket.write('220 hello\r\n'));
      const mailer = mailerTo(url, { closeMs: 50 });
      const sending = mailer.send(mail).catch((error: unknown) => error);
      await new Promise((resume) => silent.once('connection', resume));
      await mailer.close();

      const failure = await sending;
      expect(failure).toBeInstanceOf(Error);
      expect(failure).not.toBeInstanceOf(MailRefused);
    });
  });

  it('lets a mail under way arrive before it closes', async () => {
    const mailer = mailerTo(server.url, { closeMs: 5_000 });
    await mailer.send(mail);
    const sending = mailer.send(mail);
    await mailer.close();
    await sending;

    expect(server.delivered).toHaveLength(2);
  });
});

describe('mailServer', () => {
  it.each([
    ['smtps://mail.example', { host: 'mail.example', port: 465, secure: true, requireTLS: false }],
    ['smtp://mail.example', { host: 'mail.example', port: 587, secure: false, requireTLS: true }],
    [
      'smtp://mail.example:25?tls=optional',
      { host: 'mail.example', port: 25, secure: false, requireTLS: false },
    ],
    ['smtp://127.0.0.1:1025', { host: '127.0.0.1', port: 1025, secure: false, requireTLS: false }],
    ['smtp://[::1]:1025', { host: '::1', port: 1025, secure: false, requireTLS: false }],
  ])('reads %s', (url, expected) => {
    expect(mailServer(url)).toEqual(expected);
  });

  it('decodes the name and password', () => {
    expect(mailServer('smtp://me%40here:p%3Aw%2Fd@mail.example').auth).toEqual({
      user: 'me@here',
      pass: 'p:w/d',
    });
  });

  it('takes any certificate only when told so', () => {
    expect(mailServer('smtp://mail.example').tls).toBeUndefined();
    expect(mailServer('smtp://mail.example?tls=unverified')).toMatchObject({
      requireTLS: true,
      tls: { rejectUnauthorized: false },
    });
  });

  it.each([
    'http://me:secret@mail.example',
    'smtp://me:secret@mail.example?logger=true',
    'smtp://me:secret@',
    'me:secret',
  ])('refuses %s without repeating it', (url) => {
    expect(() => mailServer(url)).toThrow(TypeError);
    expect(() => mailServer(url)).not.toThrow(/secret/);
  });
});

describe('Mailbox', () => {
  class Ticking extends Clock {
    at = 0;
    override now = () => (this.at += 1);
  }

  it('shows what it received, newest first', async () => {
    const mailbox = new Mailbox(new Ticking());
    await mailbox.send(mail);
    await mailbox.send({ ...mail, subject: 'Second' });

    expect(mailbox.list().map(({ id, subject, receivedAt }) => [id, subject, receivedAt])).toEqual([
      ['2', 'Second', 2],
      ['1', mail.subject, 1],
    ]);
    expect(mailbox.get('1')).toEqual({ ...mail, id: '1', receivedAt: 1 });
    expect(mailbox.get('3')).toBeNull();
  });

  it('keeps the last 500', async () => {
    const mailbox = new Mailbox(new Ticking());
    for (let sent = 0; sent < 502; sent += 1) await mailbox.send(mail);

    expect(mailbox.list()).toHaveLength(500);
    expect(mailbox.get('2')).toBeNull();
    expect(mailbox.get('3')).not.toBeNull();
  });
});

describe('NoMailer', () => {
  it('makes every mail wait', async () => {
    const failure = await new NoMailer().send().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(MailRefused);
  });
});

const header = (got: { headers: readonly { key: string; value: string }[] }, name: string): string[] =>
  got.headers.filter(({ key }) => key === name).map(({ value }) => value);
