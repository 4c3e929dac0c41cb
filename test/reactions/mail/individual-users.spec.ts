import { entryOf } from '../../../src/domain/legacy-account/claim.js';
import type { LegacyAccountEvent } from '../../../src/domain/legacy-account/events.js';
import { legacyAccountDecider } from '../../../src/domain/legacy-account/legacy-account.js';
import { legacyWriters, type LegacyAccountRecord } from '../../../src/reactions/mail/legacy-passwords.js';
import { rendered } from '../../../src/reactions/mail/letter.js';
import * as past from '../../domain/legacy-account/past.js';
import { DAY, storyOf, T0 } from '../../support/given.js';

const given = storyOf(legacyAccountDecider);
const links = {
  url: (purpose: string, id: string, linkId: string) => `https://p.example/${purpose}?${id}.${linkId}`,
};
const setUp = past.linkRequested('l-1', 'SetUp');

/** What the last event calls for, as the legacy account stands then. */
function mailsOf(event: LegacyAccountEvent, ...before: LegacyAccountEvent[]) {
  const { state } = given(...before, event);
  const desk = { legacyAccountId: 'legacy-1', links, linkLifetimeMs: DAY, now: T0 };
  const record = { ...event, meta: { at: T0 } } as unknown as LegacyAccountRecord<never>;
  const write = legacyWriters[event.type as keyof typeof legacyWriters];
  return write(record, state, entryOf(state)!.profile, desk).map((letter) => ({
    ...rendered(letter),
    to: letter.to,
  }));
}

describe('the mail to an individual user', () => {
  it('gives the user id, the link and the steps; and no words of whoever typed the address', () => {
    const [mail] = mailsOf(setUp, past.userCreated({ givenName: 'Buy <b>pills</b>' }));
    expect(mail!.to).toBe('ben@harbor-imports.example');
    expect(mail!.subject).toMatch(/^ACE Portal: [^\r\n]{5,70}$/);
    for (const saying of [
      'The Account Owner of a trade account of Harbor Imports, Inc. created an individual user account',
      'BENQ7WXK2M',
      '1. Click on the link below, and set the legacy password of your user id.',
      'Create an Account',
      'When prompted to Sync Accounts, enter your legacy user id and your legacy password, and click “Sync”.',
      'https://p.example/legacy-password?legacy-1.l-1',
      'The link works once, for 24 hours: until March 3, 2026 at 09:00 UTC',
    ]) {
      expect(mail!.text).toContain(saying);
    }
    expect(mail!.text + mail!.html).not.toMatch(/pills|Okafor|12-3456789|undefined|null|CTPAT/);
    expect(mail!.text).toMatch(/^Hello,\n/);
  });

  it('names no company where none is known', () => {
    const [mail] = mailsOf(setUp, past.userCreated({ company: '' }));
    expect(mail!.text).toContain('a trade account of your company created');
  });

  it('says that the owner took the account back, to those who had a link', () => {
    const [mail] = mailsOf(past.userRevoked, past.userCreated(), setUp);
    expect(mail!.to).toBe('ben@harbor-imports.example');
    expect(mail!.text).toContain('took the individual user account back');
    expect(mail!.text).toMatch(/^Hello,\n/);
    expect(mailsOf(past.userRevoked, past.userCreated())).toEqual([]);
  });

  it('brings no link once the owner took the account back', () => {
    const { state } = given(past.userCreated(), setUp, past.userRevoked);
    const desk = { legacyAccountId: 'legacy-1', links, linkLifetimeMs: DAY, now: T0 };
    const record = {
      ...setUp,
      meta: { at: T0 },
    } as unknown as LegacyAccountRecord<'LegacyPasswordLinkRequested'>;
    const write = legacyWriters.LegacyPasswordLinkRequested;
    expect(write(record, state, entryOf(state)!.profile, desk)).toEqual([]);
  });
});
