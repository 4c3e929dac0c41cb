import {
  continueSession,
  endAllSessions,
  endSession,
  signOut,
} from '../../../src/domain/account/sessions.js';
import { sessionAt } from '../../../src/domain/account/sign-in.js';
import { HOUR, MINUTE, T0 } from '../../support/given.js';
import {
  given,
  locked,
  passwordConfirmed,
  registered,
  sessionContinued,
  sessionEnded,
  signedIn,
  suspended,
} from './past.js';

const two = [...registered, signedIn('s-1'), signedIn('s-2')];

describe('a session', () => {
  test('lives until its end', () => {
    const { state } = given(registered, signedIn('s-1', T0 + HOUR));
    expect(sessionAt(state, 's-1', T0 + HOUR - 1)).toMatchObject({ id: 's-1', seenAt: T0, passwordAt: T0 });
    expect(sessionAt(state, 's-1', T0 + HOUR)).toBeUndefined();
  });
  test('is none where there is no account', () => {
    expect(sessionAt(given().state, 's-1', T0)).toBeUndefined();
  });
  test('knows when the password was last typed', () => {
    const { state } = given(two).after(MINUTE).and(passwordConfirmed('s-2'));
    expect(sessionAt(state, 's-1', T0)).toMatchObject({ seenAt: T0, passwordAt: T0 });
    expect(sessionAt(state, 's-2', T0)).toMatchObject({ seenAt: T0 + MINUTE, passwordAt: T0 + MINUTE });
  });
});

describe('using a session', () => {
  test('is recorded once in five minutes', () => {
    given(two)
      .after(5 * MINUTE - 1)
      .when(continueSession('s-1'))
      .thenNothing();
    given(two)
      .after(5 * MINUTE)
      .when(continueSession('s-1'))
      .then(sessionContinued('s-1'))
      .after(5 * MINUTE - 1)
      .when(continueSession('s-1'))
      .thenNothing();
  });
  test('leaves the others as they were', () => {
    const { state } = given(two).after(HOUR).and(sessionContinued('s-1'));
    expect(state).toMatchObject({ sessions: [{ seenAt: T0 + HOUR, passwordAt: T0 }, { seenAt: T0 }] });
  });
  test('does not bring it back when it has run out, or while the account is shut', () => {
    given(registered, signedIn('s-1', T0 + HOUR))
      .after(HOUR)
      .when(continueSession('s-1'))
      .thenNothing();
    given(registered, signedIn('s-1'), locked)
      .after(6 * MINUTE)
      .when(continueSession('s-1'))
      .thenNothing();
    given(registered, signedIn('s-1'), suspended())
      .after(6 * MINUTE)
      .when(continueSession('s-1'))
      .thenNothing();
  });
  test('that is not there is nothing', () => {
    given(two).after(HOUR).when(continueSession('s-9')).thenNothing();
    given().when(continueSession('s-1')).thenNothing();
  });
});

describe('ending sessions', () => {
  test('signing out ends this one', () => {
    const { state } = given(two).when(signOut('s-1')).then(sessionEnded('s-1', 'SignedOut'));
    expect(state).toMatchObject({ sessions: [{ id: 's-2' }] });
  });
  test('signing out twice is no error', () => {
    given(registered).when(signOut('s-1')).thenNothing();
    given(two).when(signOut('s-9')).thenNothing();
    given().when(signOut('s-1')).thenNothing();
  });
  test('the owner ends another one', () => {
    given(two).when(endSession('s-2')).then(sessionEnded('s-2', 'EndedByOwner'));
  });
  test('the owner cannot end one that is not there', () => {
    given(two).when(endSession('s-9')).thenRefused('SessionUnknown');
    given().when(endSession('s-1')).thenRefused('SessionUnknown');
  });
  test('the owner ends all of them', () => {
    given(two)
      .when(endAllSessions('EndedByOwner'))
      .then(sessionEnded('s-1', 'EndedByOwner'), sessionEnded('s-2', 'EndedByOwner'))
      .when(endAllSessions('EndedByOwner'))
      .thenNothing();
    given().when(endAllSessions('EndedByOwner')).thenNothing();
  });
});
