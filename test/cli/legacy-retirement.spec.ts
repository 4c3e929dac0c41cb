import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { legacyAccount, LEGACY_PASSWORD, SYNC } from '../support/legacy.js';
import { PASSWORD, registration } from '../support/people.js';
import { PortalClient } from '../support/portal-client.js';
import { TestMailServer } from '../support/smtp-server.js';
import { Installation, PATIENCE_MS } from './installation.js';

const COUNT = 40;
const names = Array.from({ length: COUNT }, (_, index) => `trader-${index}`);
const DAY = 24 * 3_600_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString().slice(0, 16) + 'Z';

describe('portcullis legacy', () => {
  const mailServer = new TestMailServer();
  let here: Installation;

  beforeAll(() => mailServer.start());
  afterAll(() => mailServer.stop());
  beforeEach(() => {
    here = new Installation({ SMTP_URL: mailServer.url });
  });
  afterEach(() => here.remove());

  const announcements = () =>
    mailServer.delivered.filter(({ subject }) => subject?.includes('will be retired'));

  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await setTimeout(20);
  }

  async function mailedToken(address: string): Promise<string> {
    for (;;) {
      const mail = mailServer.mails().find(({ to, text }) => to === address && /confirm\?token=/.test(text));
      if (mail) return /token=([\w.-]+)/.exec(mail.text)![1]!;
      await setTimeout(10);
    }
  }

  async function syncs(url: string, name: string): Promise<void> {
    const client = new PortalClient(url);
    const email = `${name}@broker.example`;
    await client.post('/api/v1/registrations', registration(email));
    const confirmation = { token: await mailedToken(email), password: PASSWORD };
    expect((await client.post('/api/v1/registrations/confirmations', confirmation)).status).toBe(200);
    expect((await client.signIn(email, PASSWORD)).status).toBe(201);
    const login = { legacyUserId: name, legacyPassword: LEGACY_PASSWORD };
    expect((await client.post(SYNC, login)).status).toBe(201);
  }

  it(
    'announces the retirement to everybody, also where the service is killed in the middle of it',
    async () => {
      const file = here.path('legacy.jsonl');
      writeFileSync(file, names.map((name) => `${JSON.stringify(legacyAccount(name))}\n`).join(''));
      await here.must('legacy', 'import', file);
      let service = await here.serve();
      for (const name of names) await syncs(service.url, name);

      expect(await here.must('legacy', 'announce-retirement', '--at', inDays(15))).toContain(
        'It is being mailed to everybody concerned.',
      );
      await until(() => announcements().length >= 7);
      mailServer.answer('data', 451);
      await setTimeout(300);
      await service.kill();
      const before = announcements().length;
      expect(before).toBeLessThan(COUNT);

      mailServer.answer('data');
      service = await here.serve();
      await until(() => new Set(announcements().map(({ recipients }) => recipients[0])).size === COUNT);
      // A job that told anybody again would have done so by now.
      await setTimeout(6_000);
      expect(new Set(announcements().map(({ messageId }) => messageId)).size).toBe(COUNT);
      expect(announcements().length - COUNT).toBeLessThanOrEqual(8);

      const early = await here.run('legacy', 'retire');
      expect([early.code, early.err]).toEqual([1, expect.stringContaining('not before')]);
      expect(await service.stop()).toBe(0);
    },
    3 * PATIENCE_MS,
  );

  it(
    'announces where no service runs, calls off beside one, and says where there is nothing to do',
    async () => {
      await here.serve().then((service) => service.stop());
      expect((await here.run('legacy', 'retire')).err).toContain('Announce it first');
      expect((await here.run('legacy', 'announce-retirement', '--at', inDays(13))).err).toContain(
        '14 days ahead',
      );
      const at = inDays(20);
      expect(await here.must('legacy', 'announce-retirement', '--at', at)).toContain('while a service runs');
      expect(await here.must('legacy', 'announce-retirement', '--at', at)).toContain('Nothing to do');
      const service = await here.serve();
      expect(await here.must('legacy', 'call-off-retirement')).toContain('Called off');
      expect(await here.must('legacy', 'call-off-retirement')).toContain('Nothing to do');
      expect(await service.stop()).toBe(0);
    },
    2 * PATIENCE_MS,
  );

  it.each(['soon', '2030-13-01', '2030-01-31T18:00', '1969-01-01'])(
    'ends with 2 for the date %s',
    async (date) => {
      expect((await here.run('legacy', 'announce-retirement', '--at', date)).code).toBe(2);
    },
    PATIENCE_MS,
  );
});
