import type { LinkPurpose } from '../../../src/commands/mailed-link.js';
import type { Mail } from '../../../src/ports.js';
import { duration, moment } from '../../../src/reactions/mail/wording.js';
import { writers } from '../../../src/reactions/mail/writers.js';
import * as past from '../../domain/account/past.js';
import { DAY, HOUR, MINUTE, T0 } from '../../support/given.js';
import { ACCOUNT, MailRoom, PUBLIC_URL } from '../../support/mail-room.js';
import { contactEmailCases } from './contact-email-cases.js';
import { lockCases } from './lock-cases.js';
import { legacyCases } from './legacy-cases.js';
import type { Expected } from './mail-case.js';
import { recoveryCases } from './recovery-cases.js';
import { registrationCases } from './registration-cases.js';

const WHEN = 'March 2, 2026 at 09:00 UTC';
const { registered } = past;
const cases = [...registrationCases, ...lockCases, ...recoveryCases, ...contactEmailCases, ...legacyCases];

/** Nothing of these may ever stand in a mail. */
const secrets = [
  'hash-',
  'answers-',
  'key-',
  '192.0.2.7',
  'a browser',
  past.reason,
  'first-pet',
  'undefined',
  'null',
];

describe('the mail about', () => {
  for (const [title, before, events, ...expected] of cases) {
    it(title, async () => {
      const room = new MailRoom();
      await room.happens(...before);
      const mails = await room.mailed(...events);

      expect(mails.map(({ to }) => to)).toEqual(expected.map(({ to = 'Ada@example.org' }) => to));
      for (const [index, mail] of mails.entries()) check(room, mail, expected[index]!);
    });
  }

  it('every event that calls for one is told above', () => {
    const told = new Set(cases.flatMap(([, , events]) => events.flat().map(({ type }) => type as string)));
    expect(Object.keys(writers).filter((type) => !told.has(type))).toEqual([]);
  });

  it('escapes what people typed, and lets it begin no line', async () => {
    const room = new MailRoom();
    const givenName = '<script>alert(1)</script>\r\n\r\nPlease pay & "win" \u0007at <a href=x>';
    await room.happens({
      type: 'AccountRegistered',
      data: { ...past.registration, givenName, expiresAt: T0 + HOUR },
    });
    await room.happens(past.emailConfirmed);
    const [mail] = await room.mailed(past.suspended());

    expect(mail!.html).not.toMatch(/<script|<a href=x/);
    expect(mail!.html).toContain(
      'Hello &lt;script&gt;alert(1)&lt;/script&gt; Please pay &amp; &quot;win&quot; at',
    );
    expect(mail!.text.split('\n')[0]).toBe(
      'Hello <script>alert(1)</script> Please pay & "win" at <a href=x>,',
    );
  });

  it('a link sent again says how long it still works', async () => {
    const room = new MailRoom();
    await room.happens(registered);
    await room.mailed(past.resetRequested('r-1'));
    room.clock.at += 90 * MINUTE;
    const [mail] = await room.mailed(past.resetRequested('r-1'));

    expect(mail!.text).toContain('for 22 hours and 30 minutes: until March 3, 2026 at 09:00 UTC');
  });

  function check(room: MailRoom, mail: Mail, expected: Expected): void {
    const html = unescaped(mail.html);
    for (const saying of [WHEN, ...expected.says]) {
      expect(mail.text).toContain(saying);
      expect(html).toContain(saying);
    }
    for (const secret of [...secrets, ...(expected.silentOf ?? [])]) {
      expect(mail.text).not.toContain(secret);
      expect(html).not.toContain(secret);
    }
    expect(mail.text).toMatch(expected.unnamed ? /^Hello,\n/ : /^Hello (Ada|Grace),\n/);
    expect(mail.subject).toMatch(/^(CTPAT|ACE) Portal: [^\r\n]{5,70}$/);
    expect(mail.html).not.toMatch(/<(img|script|link|style|iframe|form)|\bsrc=|url\(/);
    const linked = expected.link
      ? [{ purpose: expected.link[0], accountId: ACCOUNT, linkId: expected.link[1] }]
      : [];
    expect(opened(room, mail.text)).toEqual(linked);
    expect(opened(room, mail.html)).toEqual(linked);
  }
});

describe('words', () => {
  it.each([
    [15 * MINUTE, '15 minutes'],
    [MINUTE, '1 minute'],
    [10, '1 minute'],
    [HOUR, '1 hour'],
    [DAY, '24 hours'],
    [2 * DAY, '2 days'],
    [DAY + HOUR + 2 * MINUTE + 59_000, '1 day, 1 hour and 2 minutes'],
  ])('%i ms are %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  it('tells a moment in UTC', () => {
    expect(moment(Date.UTC(2025, 10, 21, 23, 5, 59))).toBe('November 21, 2025 at 23:05 UTC');
  });
});

const purposes: LinkPurpose[] = [
  'confirm',
  'enrol',
  'reset',
  'confirm-email',
  'not-me-reset',
  'not-me-email',
];

/** What every address in the text opens. */
function opened(room: MailRoom, text: string): unknown[] {
  return (text.match(/[a-z]+:\/\/[^\s"<>]+/g) ?? []).map((address) => {
    expect(address.startsWith(`${PUBLIC_URL}/`)).toBe(true);
    return room.links.open(purposes, new URL(address).searchParams.get('token') ?? '');
  });
}

const unescaped = (html: string): string =>
  html.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name]!,
  );
