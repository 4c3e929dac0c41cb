import { accountDecider } from '../../../src/domain/account/account.js';
import { legacyAccessBroughtOver, syncLegacyAccount } from '../../../src/domain/account/legacy-sync.js';
import { HOUR, MINUTE, storyOf, T0 } from '../../support/given.js';
import { record } from '../legacy-account/past.js';
import * as past from './past.js';

const given = storyOf(accountDecider);
const { passwordHash: _, ...profile } = record;
const sync = (id = 'l-1') => syncLegacyAccount(id, profile, T0 - HOUR);

describe('a sync', () => {
  it('takes over the access of the legacy account', () => {
    given(past.registered).when(sync()).then(past.legacySynced());
  });

  it('says which telling of the legacy account came over', () => {
    const { events } = given(past.registered).when(syncLegacyAccount('l-1', profile, T0 - HOUR, 3));
    expect(events).toMatchObject([{ type: 'LegacySynced', data: { version: 3 } }]);
  });

  it('is quiet where this legacy account was synced before', () => {
    given(past.registered, past.legacySynced('l-1')).when(sync('l-1')).thenNothing();
  });

  it('is refused with another legacy account', () => {
    given(past.registered, past.legacySynced('l-1')).when(sync('l-2')).thenRefused('AlreadySynced');
  });

  it('is refused while the account is locked, and open again after', () => {
    const locked = past.accountLocked('TooManyFailures', 5, T0 + 15 * MINUTE);
    given(past.registered, locked).when(sync()).thenRefused('AccountShut');
    given(past.registered, locked)
      .after(15 * MINUTE)
      .when(sync())
      .then(past.lockExpired, past.legacySynced());
  });

  it('is refused while the account is suspended, also when a lock ends', () => {
    given(past.registered, past.suspended('SecurityConcern')).when(sync()).thenRefused('AccountShut');
  });

  it.each([
    ['is not confirmed', [past.unconfirmed], 'AccountUnconfirmed'],
    ['ended', [past.registered, past.personErased].flat(), 'AccountUnknown'],
    ['never was', [], 'AccountUnknown'],
  ])('is refused where the account %s', (_, events, code) => {
    given(events).when(sync()).thenRefused(code);
  });

  it('is remembered past the end of the account', () => {
    expect(given(past.registered, past.legacySynced('l-1'), past.personErased).state).toMatchObject({
      status: 'Ended',
      legacyAccountId: 'l-1',
    });
  });
});

describe('access brought over', () => {
  it('is recorded once', () => {
    given(past.registered, past.legacySynced())
      .when(legacyAccessBroughtOver('l-1'))
      .then(past.legacyAccessBroughtOver())
      .when(legacyAccessBroughtOver('l-1'))
      .thenNothing();
  });

  it('is nothing for an account without this sync', () => {
    given(past.registered).when(legacyAccessBroughtOver('l-1')).thenNothing();
    given(past.registered, past.legacySynced('l-2')).when(legacyAccessBroughtOver('l-1')).thenNothing();
  });
});
