import { changePassword } from '../../../src/domain/account/credentials.js';
import { awaitingReset, resetPassword } from '../../../src/domain/account/recovery.js';
import { sessionAt } from '../../../src/domain/account/sign-in.js';
import { DAY, MINUTE, T0 } from '../../support/given.js';
import {
  answersRefused,
  emailChanged,
  emailChangeExpired,
  emailChangeRequested,
  failed,
  given,
  linkSent,
  locked,
  lockExpired,
  loginFailed,
  passwordChanged,
  passwordReset,
  recoveryBlocked,
  registered,
  resetLinkRevoked,
  resetRequested,
  right,
  signedIn,
  suspended,
  wrong,
} from './past.js';

const answers = (match: boolean, resetId = 'r-1') => resetPassword(resetId, match, 'hash-2', 'portal-8');

describe('a live link with the right answers', () => {
  test('sets the new password', () => {
    given(registered, linkSent())
      .when(answers(true))
      .then(passwordReset())
      .when(right('s-1', 2))
      .then(signedIn());
  });
  test('works once', () => {
    given(registered, linkSent())
      .when(answers(true))
      .then(passwordReset())
      .when(answers(true))
      .thenRefused('LinkDead');
  });
  test('works before its mail is recorded as sent', () => {
    given(registered, resetRequested('r-1')).when(answers(true)).then(passwordReset());
  });
  test('ends all sessions', () => {
    const { state } = given(registered, signedIn('s-1'), signedIn('s-2'), linkSent())
      .when(answers(true))
      .then(passwordReset());
    expect(state).toMatchObject({ sessions: [] });
    expect(sessionAt(state, 's-1', T0)).toBeUndefined();
  });
  test('forgets wrong passwords and refused answers before it', () => {
    const { state } = given(registered, failed(4), linkSent(), answersRefused('r-1', 9))
      .when(answers(true))
      .then(passwordReset());
    expect(state).toMatchObject({ recovery: { refusals: 0, link: null } });
    given(registered, failed(4), linkSent(), passwordReset()).when(wrong(2)).then(loginFailed(1));
  });
  test('withdraws a change of address that waits', () => {
    given(registered, emailChangeRequested('c-1', 'mallory'), linkSent())
      .when(answers(true))
      .then(emailChangeExpired('c-1', 'mallory'), passwordReset());
  });
});

describe('a link is dead', () => {
  test('24 hours after it was sent', () => {
    given(registered, linkSent())
      .after(DAY - 1)
      .when(answers(true))
      .then(passwordReset());
    given(registered, linkSent()).after(DAY).when(answers(true)).thenRefused('LinkDead');
  });
  test('a day after it was asked for, where its mail never went out', () => {
    given(registered, resetRequested('r-1')).after(DAY).when(answers(true)).thenRefused('LinkDead');
  });
  test('when it is another one than the live link', () => {
    given(registered, linkSent('r-2')).when(answers(true, 'r-1')).thenRefused('LinkDead');
  });
  test('where there is none, or no account', () => {
    given(registered).when(answers(true)).thenRefused('LinkDead');
    given().when(answers(true)).thenRefused('LinkDead');
  });
  test('after a change of password', () => {
    given(registered, signedIn('s-1'), linkSent())
      .when(changePassword('s-1', 'hash-2', 'portal-8'))
      .then(resetLinkRevoked('r-1', 'PasswordChanged'), passwordChanged('s-1'))
      .when(answers(true))
      .thenRefused('LinkDead');
  });
});

describe('wrong answers', () => {
  test('are counted for the link and in all', () => {
    given(registered, linkSent(), answersRefused('r-0', 4))
      .when(answers(false))
      .then(answersRefused('r-1', 5));
  });
  test('leave the link alive with the second set', () => {
    given(registered, linkSent(), answersRefused('r-1', 1))
      .when(answers(false))
      .then(answersRefused('r-1', 2))
      .when(answers(true))
      .then(passwordReset());
  });
  test('kill the link with the third set', () => {
    given(registered, linkSent(), answersRefused('r-1', 1), answersRefused('r-1', 2))
      .when(answers(false))
      .then(answersRefused('r-1', 3), resetLinkRevoked('r-1', 'AnswersRefused'))
      .when(answers(true))
      .thenRefused('LinkDead');
  });
  test('block recovery with the tenth set', () => {
    given(registered, linkSent('r-4'), answersRefused('r-3', 9))
      .when(answers(false, 'r-4'))
      .then(
        answersRefused('r-4', 10),
        resetLinkRevoked('r-4', 'RecoveryBlocked'),
        recoveryBlocked('AnswersRefused', 10),
      );
  });
  test('leave sign-in alone, also with recovery blocked', () => {
    given(registered, linkSent(), answersRefused('r-1', 9))
      .when(answers(false))
      .then(
        answersRefused('r-1', 10),
        resetLinkRevoked('r-1', 'RecoveryBlocked'),
        recoveryBlocked('AnswersRefused', 10),
      )
      .when(right())
      .then(signedIn());
  });
  test('at a dead link are not counted', () => {
    given(registered, linkSent()).after(DAY).when(answers(false)).thenRefused('LinkDead');
  });
});

describe('a live link while the account is shut', () => {
  test('is refused during a lock, right answers or wrong, and works when that ends', () => {
    given(registered, linkSent(), locked).when(answers(true)).thenRefused('LinkShut');
    given(registered, linkSent(), locked).when(answers(false)).thenRefused('LinkShut');
    given(registered, linkSent(), locked)
      .after(15 * MINUTE)
      .when(answers(true))
      .then(lockExpired, passwordReset());
  });
  test('is refused during a suspension', () => {
    given(registered, linkSent(), suspended()).when(answers(true)).thenRefused('LinkShut');
  });
  test('shows no questions', () => {
    const shut = given(registered, linkSent(), suspended());
    expect(() => awaitingReset(shut.state, 'r-1', shut.now)).toThrow('locked or suspended');
    const dead = given(registered, linkSent()).after(DAY);
    expect(() => awaitingReset(dead.state, 'r-1', dead.now)).toThrow('expired');
    const open = given(registered, linkSent());
    expect(awaitingReset(open.state, 'r-1', open.now)).toBe(open.state);
  });
});

test('a link asked for after a change of address is not the one before it', () => {
  given(registered, emailChanged('c-1', 'ada-new', 'key-ada'), linkSent('r-2'))
    .when(answers(true, 'r-1'))
    .thenRefused('LinkDead');
});
