import { PasswordMovedOn, rehashPassword } from '../../../src/domain/account/sign-in.js';
import { HOUR, MINUTE, T0 } from '../../support/given.js';
import {
  accountLocked,
  failed,
  given,
  locked,
  loginFailed,
  passwordAgain,
  passwordChanged,
  passwordConfirmed,
  passwordDisabled,
  passwordRehashed,
  passwordReset,
  registered,
  resetRepudiated,
  right,
  session,
  sessionEnded,
  signedIn,
  suspended,
  unlocked,
  wrong,
} from './past.js';

describe('signing in with the right password', () => {
  test('begins a session', () => {
    given(registered).when(right('s-1')).then(signedIn('s-1'));
  });
  test('forgets the failures before it', () => {
    given(registered, failed(4)).when(right()).then(signedIn()).when(wrong()).then(loginFailed(1));
  });
  test('is nothing to an account that does not exist', () => {
    given().when(right()).thenNothing();
  });
  test('refuses to judge by a password changed meanwhile', () => {
    given(registered, passwordChanged('s-1')).when(right('s-2', 1)).thenThrows(PasswordMovedOn);
    given(registered, passwordReset()).when(wrong(1)).thenThrows(PasswordMovedOn);
    given(registered, passwordRehashed('hash-1b')).when(right('s-2', 1)).thenThrows(PasswordMovedOn);
  });
  test('of today begins a session after a change', () => {
    given(registered, passwordChanged('s-1')).when(right('s-2', 2)).then(signedIn('s-2'));
  });
});

describe('at a shut door the right password records nothing', () => {
  test.each([
    ['locked', [...registered, ...locked]],
    ['suspended', [...registered, suspended()]],
    ['locked and suspended', [...registered, ...locked, suspended()]],
    ['with a disabled password', [...registered, ...passwordDisabled, unlocked]],
    ['with a password its owner disowned', [...registered, passwordReset(), resetRepudiated()]],
  ])('%s', (_, past) => {
    given(past).when(right()).thenNothing();
    given(past).when(wrong()).thenNothing();
  });
});

describe('sessions', () => {
  const tenSessions = Array.from({ length: 10 }, (_, index) => signedIn(`s-${index}`));

  test('are ten at most: the eleventh replaces the oldest', () => {
    given(registered, tenSessions)
      .when(right('s-new'))
      .then(sessionEnded('s-0', 'Replaced'), signedIn('s-new'))
      .when(right('s-newer'))
      .then(sessionEnded('s-1', 'Replaced'), signedIn('s-newer'));
  });
  test('up to ten replace none', () => {
    given(registered, tenSessions.slice(1)).when(right('s-new')).then(signedIn('s-new'));
  });
  test('whose time is up make room first', () => {
    const expiresAt = T0 + HOUR;
    given(registered, signedIn('s-short', expiresAt), tenSessions.slice(1))
      .after(HOUR)
      .when(right('s-new'))
      .then(sessionEnded('s-short', 'Expired'), signedIn('s-new'));
  });
});

describe('the password again in a session', () => {
  test('is recorded, and forgets failures', () => {
    given(registered, signedIn('s-1'), failed(4))
      .when(passwordAgain(true))
      .then(passwordConfirmed('s-1'))
      .when(wrong())
      .then(loginFailed(1));
  });
  test('when wrong counts as a failed sign-in, and locks like one', () => {
    given(registered, signedIn('s-1'), failed(3)).when(passwordAgain(false)).then(loginFailed(4));
    given(registered, signedIn('s-1'), failed(4))
      .when(passwordAgain(false))
      .then(loginFailed(5), accountLocked('TooManyFailures', 5, T0 + 15 * MINUTE));
  });
  test('is refused once the session ended', () => {
    given(registered, signedIn('s-1'), sessionEnded('s-1', 'SignedOut'))
      .when(passwordAgain(true))
      .thenRefused('SessionEnded');
  });
  test('is refused once the session reached its end', () => {
    const { id, expiresAt } = session('s-1', T0 + HOUR);
    given(registered, signedIn(id, expiresAt))
      .after(HOUR)
      .when(passwordAgain(true))
      .thenRefused('SessionEnded');
  });
  test('is refused while locked, so that a live session is no way round the limit', () => {
    given(registered, signedIn('s-1'), locked).when(passwordAgain(true)).thenRefused('SessionEnded');
    given(registered, signedIn('s-1'), locked).when(passwordAgain(false)).thenRefused('SessionEnded');
  });
  test('refuses to judge by a password changed meanwhile', () => {
    given(registered, signedIn('s-1'), passwordChanged('s-1'))
      .when(passwordAgain(true))
      .thenThrows(PasswordMovedOn);
  });
});

describe('a stronger hash of the same password', () => {
  test('is recorded, and keeps sessions and failures', () => {
    const story = given(registered, signedIn('s-1'), failed(2));
    const before = story.state;
    const { state } = story.when(rehashPassword(1, 'hash-1b')).then(passwordRehashed('hash-1b'));
    expect(state).toEqual({
      ...before,
      password: { hash: 'hash-1b', policy: 'portal-8', version: 2, disabled: false },
    });
  });
  test('is of no use once the password changed', () => {
    given(registered, passwordChanged('s-1')).when(rehashPassword(1, 'hash-1b')).thenNothing();
    given().when(rehashPassword(1, 'hash-1b')).thenNothing();
  });
  test('does not make a disabled password usable again', () => {
    given(registered, passwordDisabled, unlocked).when(rehashPassword(1, 'hash-1b')).thenNothing();
    given(registered, passwordDisabled, unlocked, passwordRehashed('hash-1b'))
      .when(right('s-1', 2))
      .thenNothing();
  });
});
