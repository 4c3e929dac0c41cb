import { fastify } from 'fastify';
import { Mailbox } from '../../../src/adapters/mail/mailbox.js';
import { mailboxPages } from '../../../src/http/admin/mailbox-pages.js';
import { FixedClock } from '../../support/counters.js';
import { T0 } from '../../support/given.js';

describe('The mailbox of the demo', () => {
  const server = fastify();
  const mailbox = new Mailbox(new FixedClock(T0));
  const get = async (url: string) => server.inject({ url });

  beforeAll(async () => {
    mailboxPages(server, mailbox);
    await mailbox.send({
      messageId: '<1@portal.example>',
      to: 'ada@example.org',
      subject: '<b>Reset</b> & go',
      text: 'Hello <script>alert(1)</script>,\nhttps://portal.example/reset?token=a.b&x="><i>',
      html: '<p>never shown</p>',
    });
  });

  afterAll(() => server.close());

  it('lists mails with their time, and escapes what they say', async () => {
    const { body } = await get('/mailbox');

    expect(body).toContain('2026-03-02 09:00:00');
    expect(body).toContain('<a href="/mailbox/1">&lt;b&gt;Reset&lt;/b&gt; &amp; go</a>');
  });

  it('shows a mail as text, with its links to click on and nothing that runs', async () => {
    const { body, headers } = await get('/mailbox/1');

    expect(body).toContain('Hello &lt;script&gt;alert(1)&lt;/script&gt;,');
    expect(body).toContain('<a href="https://portal.example/reset?token=a.b&amp;x="');
    expect(body).not.toMatch(/<script|<i>|never shown/);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['cache-control']).toBe('no-store');
  });

  it('gives programs the mails as they are', async () => {
    expect((await get('/mailbox.json')).json()).toMatchObject({
      mails: [{ id: '1', to: 'ada@example.org' }],
    });
  });

  it('knows no other mail', async () => {
    expect((await get('/mailbox/2')).statusCode).toBe(404);
  });
});
