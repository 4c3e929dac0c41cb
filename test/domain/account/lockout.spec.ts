import { expireDeadlines } from '../../../src/domain/account/deadlines.js';
import { sessionAt, type LockoutRules } from '../../../src/domain/account/sign-in.js';
import { unlock } from '../../../src/domain/account/locks.js';
import { requestReset, resetPassword } from '../../../src/domain/account/recovery.js';
import { DAY, MINUTE, T0 } from '../../support/given.js';
import {
  accountLocked,
  failed,
  given,
  linkSent,
  locked,
  lockedOnce,
  lockExpired,
  loginFailed,
  passwordReset,
  reason,
  registered,
  resetRequested,
  right,
  rules,
  signedIn,
  suspended,
  unlocked,
  wrong,
} from './past.js';

describe('wrong passwords in a row', () => {
  test('up to four are counted', () => {
    given(registered, failed(3)).when(wrong()).then(loginFailed(4));
  });
  test('five lock the account for 15 minutes, in one append', () => {
    given(registered, failed(4))
      .when(wrong())
      .then(loginFailed(5), accountLocked('TooManyFailures', 5, T0 + 15 * MINUTE));
  });
  test('as many as the operator chose lock it', () => {
    const strict: LockoutRules = { failuresMax: 3, lockMs: MINUTE };
    given(registered, failed(2))
      .when(wrong(1, strict))
      .then(loginFailed(3), accountLocked('TooManyFailures', 3, T0 + MINUTE));
  });
  test('lock for twice as long each time, up to a day', () => {
    let story = given(registered);
    const minutes = [15, 30, 60, 120, 240, 480, 960, 1440, 1440];
    for (const [index, expected] of minutes.entries()) {
      if (index > 0) story = story.and(lockExpired);
      const until = story.now + expected * MINUTE;
      story = story
        .and(failed(4))
        .when(wrong())
        .then(loginFailed(5), accountLocked('TooManyFailures', 5, until));
      story = story.after(expected * MINUTE);
    }
  });
  test('lock for 15 minutes again after a success', () => {
    given(registered, locked, lockExpired, signedIn(), failed(4))
      .when(wrong())
      .then(loginFailed(5), accountLocked('TooManyFailures', 5, T0 + 15 * MINUTE));
  });
  test('with a lock of no length lock until an officer unlocks', () => {
    const untilUnlocked: LockoutRules = { failuresMax: 5, lockMs: 0 };
    given(registered, failed(4))
      .when(wrong(1, untilUnlocked))
      .then(loginFailed(5), accountLocked('TooManyFailures', 5))
      .after(365 * DAY)
      .when(right())
      .thenNothing()
      .when(unlock(reason))
      .then(unlocked)
      .when(right())
      .then(signedIn());
  });
});

describe('a lock', () => {
  test('is not prolonged by attempts while it holds', () => {
    given(registered, locked)
      .after(15 * MINUTE - 1)
      .when(wrong())
      .thenNothing()
      .after(1)
      .when(right())
      .then(lockExpired, signedIn());
  });
  test('has ended at its time, and the next decision says so', () => {
    given(registered, locked)
      .after(15 * MINUTE)
      .when(wrong())
      .then(lockExpired, loginFailed(1));
  });
  test('is ended on time by the job', () => {
    given(registered, locked)
      .after(15 * MINUTE - 1)
      .when(expireDeadlines())
      .thenNothing();
    given(registered, locked)
      .after(15 * MINUTE)
      .when(expireDeadlines())
      .then(lockExpired);
  });
  test('ends beside a suspension, which stays', () => {
    given(registered, locked, suspended())
      .after(15 * MINUTE)
      .when(right())
      .then(lockExpired);
  });
  test('shuts live sessions while it holds, and no longer', () => {
    const { state } = given(registered, signedIn('s-1'), locked);
    expect(sessionAt(state, 's-1', T0)).toBeUndefined();
    expect(sessionAt(state, 's-1', T0 + 15 * MINUTE)).toMatchObject({ id: 's-1' });
  });
});

describe('an officer', () => {
  test('ends a lock before its time', () => {
    given(registered, locked).when(unlock(reason)).then(unlocked).when(right()).then(signedIn());
  });
  test('cannot unlock what is not locked', () => {
    given(registered).when(unlock(reason)).thenRefused('NotLocked');
    given(registered, locked)
      .after(15 * MINUTE)
      .when(unlock(reason))
      .thenRefused('NotLocked');
    given().when(unlock(reason)).thenRefused('AccountUnknown');
  });
});

describe('a hundred wrong passwords since the last success', () => {
  // Nineteen locks of five and four more: 99.
  const ninetyNine = [
    ...registered,
    ...Array.from({ length: 19 }, () => [...lockedOnce(), lockExpired]).flat(),
    ...failed(4),
  ];

  test('disable the password for good', () => {
    given(ninetyNine)
      .when(wrong())
      .then(loginFailed(5), accountLocked('PasswordDisabled', 5))
      .after(365 * DAY)
      .when(right())
      .thenNothing();
  });
  test('are needed in full: the 99th is only counted', () => {
    given(ninetyNine.slice(0, -1)).when(wrong()).then(loginFailed(4)).when(right()).then(signedIn());
  });
  test('leave it disabled when an officer has unlocked', () => {
    given(ninetyNine, loginFailed(5), accountLocked('PasswordDisabled', 5), unlocked)
      .when(right())
      .thenNothing();
  });
  test('are forgotten once an officer has unlocked and the person has reset it', () => {
    given(ninetyNine, loginFailed(5), accountLocked('PasswordDisabled', 5), unlocked)
      .when(requestReset('r-1'))
      .then(resetRequested('r-1'))
      .when(resetPassword('r-1', true, 'hash-2', 'portal-8'))
      .then(passwordReset('r-1'))
      .when(right('s-1', 2))
      .then(signedIn())
      .when(wrong(2))
      .then(loginFailed(1));
  });
  test('shut the reset until an officer has unlocked', () => {
    given(registered, linkSent(), accountLocked('PasswordDisabled', 5))
      .when(resetPassword('r-1', true, 'hash-2', 'portal-8'))
      .thenRefused('LinkShut');
  });
  test('disable it also where locks have no length', () => {
    given(ninetyNine)
      .when(wrong(1, { ...rules, lockMs: 0 }))
      .then(loginFailed(5), accountLocked('PasswordDisabled', 5));
  });
});
