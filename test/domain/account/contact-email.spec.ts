import { holdsEmail } from '../../../src/domain/account/confirmed.js';
import {
  changeContactEmail,
  requestContactEmailChange,
  restoreContactEmail,
} from '../../../src/domain/account/contact-email.js';
import { expireDeadlines } from '../../../src/domain/account/deadlines.js';
import type { AccountEvent } from '../../../src/domain/account/events.js';
import { DAY, HOUR, T0 } from '../../support/given.js';
import {
  address,
  emailChanged,
  emailChangeExpired,
  emailChangeRequested,
  emailRestored,
  formerEmailReleased,
  given,
  linkSent,
  locked,
  registered,
  registration,
  resetLinkRevoked,
  right,
  signedIn,
  suspended,
} from './past.js';

const ask = (changeId: string, name: string, held = true) =>
  requestContactEmailChange('s-1', { changeId, ...address(name), held });
const first = { email: registration.email, emailKey: registration.emailKey };
const changed = [...registered, emailChangeRequested('c-1', 'new'), emailChanged('c-1', 'new', 'key-ada')];

const atHome = [...registered, signedIn('s-1')];

describe('asking for another contact address', () => {
  test('waits 48 hours for the new address to confirm', () => {
    given(atHome).when(ask('c-1', 'new')).then(emailChangeRequested('c-1', 'new'));
  });
  test('replaces a change that waits', () => {
    given(atHome, emailChangeRequested('c-1', 'typo'))
      .when(ask('c-2', 'new'))
      .then(emailChangeExpired('c-1', 'typo'), emailChangeRequested('c-2', 'new'))
      .when(changeContactEmail('c-1'))
      .thenRefused('LinkDead');
  });
  test('is refused for the address in use', () => {
    given(atHome)
      .when(requestContactEmailChange('s-1', { changeId: 'c-1', ...first, held: true }))
      .thenRefused('EmailUnchanged');
  });
  test('is refused while five former addresses can still be restored', () => {
    const fiveTimes = Array.from({ length: 5 }, (_, n) => emailChanged(`c-${n}`, `a${n}`, `key-a${n - 1}`));
    given(atHome, fiveTimes.slice(1)).when(ask('c-9', 'new')).then(emailChangeRequested('c-9', 'new'));
    given(atHome, fiveTimes).when(ask('c-9', 'new')).thenRefused('TooManyEmailChanges');
  });
});

describe('the new address confirms', () => {
  test('and is the contact address; the former one is kept for seven days', () => {
    const { state } = given(registered, emailChangeRequested('c-1', 'new'))
      .when(changeContactEmail('c-1'))
      .then(emailChanged('c-1', 'new', 'key-ada'));
    expect(state).toMatchObject({
      ...address('new'),
      emailChange: null,
      formerEmails: [{ changeId: 'c-1', ...first, keptUntil: T0 + 7 * DAY }],
    });
  });
  test('and keeps sessions', () => {
    const { state } = given(registered, signedIn('s-1'), emailChangeRequested('c-1', 'new'))
      .when(changeContactEmail('c-1'))
      .then(emailChanged('c-1', 'new', 'key-ada'));
    expect(state).toMatchObject({ sessions: [{ id: 's-1' }] });
  });
  test('and kills a reset link mailed to the former one', () => {
    given(registered, linkSent('r-1'), emailChangeRequested('c-1', 'new'))
      .when(changeContactEmail('c-1'))
      .then(resetLinkRevoked('r-1', 'EmailChanged'), emailChanged('c-1', 'new', 'key-ada'));
  });
  test('within 48 hours', () => {
    const asked = given(registered, emailChangeRequested('c-1', 'new'));
    asked
      .after(48 * HOUR - 1)
      .when(changeContactEmail('c-1'))
      .then(emailChanged('c-1', 'new', 'key-ada', T0 + 48 * HOUR - 1));
    asked
      .after(48 * HOUR)
      .when(changeContactEmail('c-1'))
      .thenRefused('LinkDead');
    asked
      .after(48 * HOUR)
      .when(expireDeadlines())
      .then(emailChangeExpired('c-1', 'new'));
  });
  test('once', () => {
    given(changed).when(changeContactEmail('c-1')).thenRefused('LinkDead');
  });
  test('in vain where another account has it', () => {
    given(registered, emailChangeRequested('c-1', 'taken', T0, false))
      .when(changeContactEmail('c-1'))
      .thenRefused('LinkDead');
  });
  test('in vain while the account is locked or suspended', () => {
    const asked = [...registered, emailChangeRequested('c-1', 'mallory')];
    given(asked, locked).when(changeContactEmail('c-1')).thenRefused('LinkShut');
    given(asked, suspended()).when(changeContactEmail('c-1')).thenRefused('LinkShut');
  });
  test('in vain where nothing was asked for', () => {
    given(registered).when(changeContactEmail('c-1')).thenRefused('LinkDead');
    given().when(changeContactEmail('c-1')).thenRefused('LinkDead');
  });
});

describe('"This wasn\'t me"', () => {
  test('takes a change back, ends all sessions and disables the password', () => {
    const { state } = given(changed, signedIn('s-thief'))
      .when(restoreContactEmail('c-1'))
      .then(emailRestored('c-1', first, 'key-new'))
      .when(right())
      .thenNothing();
    expect(state).toMatchObject({ ...first, sessions: [], formerEmails: [], password: { disabled: true } });
  });
  test('takes back a change that still waits', () => {
    const { state } = given(registered, signedIn('s-thief'), emailChangeRequested('c-1', 'mallory'))
      .when(restoreContactEmail('c-1'))
      .then(emailRestored('c-1', first, 'key-mallory'));
    expect(state).toMatchObject({ ...first, sessions: [], emailChange: null, password: { disabled: true } });
  });
  test('kills a reset link mailed to the other address', () => {
    given(changed, linkSent('r-1'))
      .when(restoreContactEmail('c-1'))
      .then(resetLinkRevoked('r-1', 'EmailChanged'), emailRestored('c-1', first, 'key-new'));
  });
  test('restores the first owner after a thief changed the address twice, and asked for a third', () => {
    const twice = [
      ...changed,
      emailChanged('c-2', 'newer', 'key-new'),
      emailChangeRequested('c-3', 'newest'),
    ];
    given(twice)
      .when(restoreContactEmail('c-1'))
      .then(
        emailChangeExpired('c-3', 'newest'),
        formerEmailReleased('c-2', 'key-new'),
        emailRestored('c-1', first, 'key-newer'),
      )
      .when(restoreContactEmail('c-2'))
      .thenRefused('LinkDead');
  });
  test('of the second change leaves the first to be taken back too', () => {
    given(changed, emailChanged('c-2', 'newer', 'key-new'))
      .when(restoreContactEmail('c-2'))
      .then(emailRestored('c-2', address('new'), 'key-newer'))
      .when(restoreContactEmail('c-1'))
      .then(emailRestored('c-1', first, 'key-new'));
  });
  test('works while the account is locked or suspended', () => {
    given(changed, locked, suspended())
      .when(restoreContactEmail('c-1'))
      .then(emailRestored('c-1', first, 'key-new'));
  });
  test('works for seven days', () => {
    given(changed)
      .after(7 * DAY - 1)
      .when(restoreContactEmail('c-1'))
      .then(emailRestored('c-1', first, 'key-new'));
    given(changed)
      .after(7 * DAY)
      .when(restoreContactEmail('c-1'))
      .thenRefused('LinkDead');
  });
  test('works once', () => {
    given(changed, emailRestored('c-1', first, 'key-new'))
      .when(restoreContactEmail('c-1'))
      .thenRefused('LinkDead');
  });
  test('is refused for no change, and for no account', () => {
    given(registered).when(restoreContactEmail('c-1')).thenRefused('LinkDead');
    given().when(restoreContactEmail('c-1')).thenRefused('LinkDead');
  });
});

describe('a former address', () => {
  test('is released after seven days', () => {
    given(changed)
      .after(7 * DAY - 1)
      .when(expireDeadlines())
      .thenNothing();
    given(changed)
      .after(7 * DAY)
      .when(expireDeadlines())
      .then(formerEmailReleased('c-1', 'key-ada'));
  });
  test('is held until then, like the contact address and the one it is to become', () => {
    const { state } = given(changed, emailChangeRequested('c-2', 'next'));
    const keys = ['key-ada', 'key-new', 'key-next', 'key-other'];
    expect(keys.filter((key) => holdsEmail(state, key))).toEqual(['key-ada', 'key-new', 'key-next']);
  });
  test('is held also after its release when it is the contact address again', () => {
    const back: AccountEvent = {
      type: 'ContactEmailChanged',
      data: { changeId: 'c-2', ...first, formerEmailKey: 'key-new', formerKeptUntil: T0 + 9 * DAY },
    };
    const { state } = given(changed, back)
      .after(7 * DAY)
      .when(expireDeadlines())
      .then(formerEmailReleased('c-1', 'key-ada'));
    expect(holdsEmail(state, 'key-ada')).toBe(true);
  });
  test('of another account is not held by a change that waits in vain', () => {
    const { state } = given(registered, emailChangeRequested('c-1', 'taken', T0, false));
    expect(holdsEmail(state, 'key-taken')).toBe(false);
  });
});
