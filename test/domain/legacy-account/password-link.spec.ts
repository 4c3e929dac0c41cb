import {
  claimLegacyAccount,
  LegacyPasswordMovedOn,
  refuseLegacyCredential,
} from '../../../src/domain/legacy-account/claim.js';
import { importLegacyAccount } from '../../../src/domain/legacy-account/import.js';
import { legacyAccountDecider } from '../../../src/domain/legacy-account/legacy-account.js';
import {
  legacyNoticeSent,
  passwordLinkSent,
  requestPasswordLink,
  resetLegacyPassword,
} from '../../../src/domain/legacy-account/password-link.js';
import { DAY, HOUR, MINUTE, storyOf, T0 } from '../../support/given.js';
import {
  changed,
  claimed,
  imported,
  linkExpired,
  linkRequested,
  linkSent,
  noticeRefused,
  noticeSent,
  passwordReset,
  record,
  refused,
  row,
} from './past.js';

const given = storyOf(legacyAccountDecider);
const request = (id = 'l-1', purpose: 'Reset' | 'SetUp' = 'Reset') =>
  requestPasswordLink(id, purpose, 'Called.');
const requested = (id = 'l-1', purpose: 'Reset' | 'SetUp' = 'Reset') => linkRequested(id, purpose, 'Called.');
const reset = (id = 'l-1', hash = 'chosen-hash-1') => resetLegacyPassword(id, hash, 'portal-8');
const live = [imported(), requested(), linkSent('l-1', T0 + DAY)];

describe('a link to set a legacy password', () => {
  it('is asked for', () => {
    given(imported()).when(request()).then(requested());
  });

  it('is asked for without a reason where nobody gave one', () => {
    given(imported()).when(requestPasswordLink('l-1', 'SetUp')).then(linkRequested('l-1', 'SetUp'));
  });

  it('is refused for nobody, and where there is no address that can be mailed to', () => {
    given().when(request()).thenRefused('LegacyAccountUnknown');
    for (const email of ['', 'none', 'a@legacy.example, b@legacy.example']) {
      given(imported({ email })).when(request()).thenRefused('LegacyEmailMissing');
    }
  });

  it.each(['Inactive', 'NotInGoodStanding'] as const)('is refused where the account is %s', (status) => {
    given(imported({ status })).when(request()).thenRefused('LegacyAccountNotActive');
  });

  it('is asked for once in five minutes, then once more, five times in all', () => {
    const once = given(live);
    once
      .after(5 * MINUTE - 1)
      .when(request('l-2'))
      .thenNothing();
    const twice = once
      .after(5 * MINUTE)
      .when(request('l-2'))
      .then(requested('l-1'));
    twice
      .after(5 * MINUTE - 1)
      .when(request('l-3'))
      .thenNothing();
    const often = twice.and(requested(), requested(), requested());
    often.after(HOUR).when(request('l-3')).thenNothing();
  });

  it('keeps its purpose when it is asked for again', () => {
    given(imported(), linkRequested('l-1', 'SetUp'))
      .after(HOUR)
      .when(request('l-2'))
      .then(requested('l-1', 'SetUp'));
  });

  it('dies a day after it was first sent, also where it was asked for again; another one follows it', () => {
    const again = given(live)
      .after(23 * HOUR)
      .and(requested());
    again.when(reset()).then(passwordReset());
    again
      .after(HOUR - 1)
      .when(reset())
      .then(passwordReset());
    again.after(HOUR).when(reset()).thenRefused('LegacyLinkDead');
    again.after(HOUR).when(request('l-2')).then(linkExpired(), requested('l-2'));
  });

  it('that was never sent is replaced a day after it was asked for', () => {
    given(imported(), requested()).after(DAY).when(request('l-2')).then(linkExpired(), requested('l-2'));
  });

  it('lives from its first sending on', () => {
    const sent = (revision: number) => passwordLinkSent('l-1', '<m-1@portal.example>', revision, DAY);
    const first = given(imported(), requested()).after(MINUTE).when(sent(1));
    const again = first
      .then(linkSent('l-1', T0 + MINUTE + DAY))
      .after(HOUR)
      .and(requested());
    again.when(sent(1)).thenNothing();
    again.when(sent(3)).then(linkSent('l-1', T0 + MINUTE + DAY, 3));
  });
});

describe('a legacy password set by a link', () => {
  it('is recorded, once', () => {
    given(live).when(reset()).then(passwordReset()).when(reset()).thenRefused('LegacyLinkDead');
  });

  it('is refused for another link, for none, and for nobody', () => {
    given(live).when(reset('l-2')).thenRefused('LegacyLinkDead');
    given(imported()).when(reset()).thenRefused('LegacyLinkDead');
    given().when(reset()).thenRefused('LegacyLinkDead');
  });

  it('is refused once the directory had another password, or the account left good standing', () => {
    given(live, changed({ passwordHash: 'legacy-hash-2' }))
      .when(reset())
      .thenRefused('LegacyLinkDead');
    for (const status of ['Inactive', 'NotInGoodStanding'] as const) {
      given(live, changed({ status }), changed({})).when(reset()).thenRefused('LegacyLinkDead');
    }
  });

  it('is set also where something else of the account changed', () => {
    given(live, changed({ company: 'Harbor Brokers' }))
      .when(reset())
      .then(passwordReset());
  });

  it('opens a shut door, and forgets the guesses', () => {
    const shut = given(imported(), refused(5, {}), requested(), passwordReset());
    shut.when(claimLegacyAccount('a-1', 2)).then(claimed('a-1'));
    shut.when(refuseLegacyCredential(2, { failuresMax: 5, lockMs: MINUTE })).then(refused(1));
  });

  it('is no longer the one that was being compared', () => {
    const story = given(live, passwordReset());
    story.when(claimLegacyAccount('a-1', 1)).thenThrows(LegacyPasswordMovedOn);
    story
      .when(refuseLegacyCredential(1, { failuresMax: 5, lockMs: MINUTE }))
      .thenThrows(LegacyPasswordMovedOn);
  });

  it('takes nothing from the account that was synced', () => {
    given(live, claimed('a-1'), passwordReset())
      .when(claimLegacyAccount('a-2', 2))
      .thenRefused('LegacyAccountUsed');
  });

  it('outlives the same file, and other changes in it; not another password there', () => {
    const story = given(live, passwordReset());
    story.when(importLegacyAccount(record, row())).thenNothing();
    const renamed = { ...record, company: 'Harbor Brokers' };
    const kept = story
      .when(importLegacyAccount(renamed, row(2, 'file-2')))
      .then(changed(renamed, row(2, 'file-2')));
    expect(kept.state.password.hash).toBe('chosen-hash-1');
    const other = { ...record, passwordHash: 'legacy-hash-2' };
    const taken = kept
      .when(importLegacyAccount(other, row(2, 'file-3')))
      .then(changed(other, row(2, 'file-3')));
    expect(taken.state.password.hash).toBe('legacy-hash-2');
  });
});

describe('a notice to the user of a legacy account', () => {
  it('is recorded once, also where the mail server refused it', () => {
    const story = given(live, passwordReset());
    story.when(legacyNoticeSent('e-1', 1, '<m-2@portal.example>')).thenNothing();
    story.when(legacyNoticeSent('e-1', 3, '<m-2@portal.example>')).then(noticeSent(3));
    const refusal = story.when(legacyNoticeSent('e-1', 3, null)).then(noticeRefused(3));
    refusal.when(legacyNoticeSent('e-1', 3, '<m-2@portal.example>')).thenNothing();
  });
});
