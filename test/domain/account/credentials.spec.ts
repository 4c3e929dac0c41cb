import { changePassword, changeSecurityQuestions } from '../../../src/domain/account/credentials.js';
import { awaitingReset, resetPassword } from '../../../src/domain/account/recovery.js';
import { HOUR, MINUTE, T0 } from '../../support/given.js';
import {
  failed,
  given,
  linkSent,
  locked,
  newQuestions,
  passwordChanged,
  passwordConfirmed,
  passwordDisabled,
  questionsChanged,
  registered,
  resetLinkRevoked,
  right,
  sessionEnded,
  signedIn,
  suspended,
  unconfirmed,
  unlocked,
} from './past.js';

const change = (sessionId = 's-1') => changePassword(sessionId, 'hash-2', 'portal-8');

describe('changing the password', () => {
  test('ends all other sessions', () => {
    const { state } = given(registered, signedIn('s-1'), signedIn('s-2'))
      .when(change('s-1'))
      .then(passwordChanged('s-1'));
    expect(state).toMatchObject({ sessions: [{ id: 's-1' }] });
  });
  test('makes the new one good for signing in', () => {
    given(registered, signedIn('s-1'))
      .when(change('s-1'))
      .then(passwordChanged('s-1'))
      .when(right('s-2', 2))
      .then(signedIn('s-2'));
  });
  test('does not forget wrong passwords', () => {
    const { state } = given(registered, signedIn('s-1'), failed(3))
      .when(change())
      .then(passwordChanged('s-1'));
    expect(state).toMatchObject({ failures: { inARow: 3, sinceSuccess: 3 } });
  });
  test('asks for the password within the last five minutes', () => {
    const signed = given(registered, signedIn('s-1'));
    signed
      .after(5 * MINUTE - 1)
      .when(change())
      .then(passwordChanged('s-1'));
    signed
      .after(5 * MINUTE)
      .when(change())
      .thenRefused('PasswordNeeded');
    signed
      .after(HOUR)
      .and(passwordConfirmed('s-1'))
      .after(MINUTE)
      .when(change())
      .then(passwordChanged('s-1'));
  });
  test('is refused from a session that ended or reached its end', () => {
    given(registered).when(change()).thenRefused('SessionEnded');
    given(registered, signedIn('s-1'), sessionEnded('s-1', 'SignedOut'))
      .when(change())
      .thenRefused('SessionEnded');
    given(registered, signedIn('s-1', T0 + MINUTE))
      .after(MINUTE)
      .when(change())
      .thenRefused('SessionEnded');
    given().when(change()).thenRefused('SessionEnded');
  });
  test('is refused at a shut door', () => {
    given(registered, signedIn('s-1'), locked).when(change()).thenRefused('SessionEnded');
    given(registered, suspended(), signedIn('s-1')).when(change()).thenRefused('SessionEnded');
  });
  test('is no way round the reset of a disabled one', () => {
    given(registered, signedIn('s-1'), passwordDisabled, unlocked).when(change()).thenRefused('SessionEnded');
  });
});

describe('changing the security questions', () => {
  test('is recorded', () => {
    const { state } = given(registered).when(changeSecurityQuestions(newQuestions)).then(questionsChanged);
    expect(state).toMatchObject({ questions: newQuestions });
  });
  test('kills a live reset link, so that answers judged before do not count', () => {
    const story = given(registered, linkSent('r-1'));
    awaitingReset(story.state, 'r-1', story.now);
    story
      .when(changeSecurityQuestions(newQuestions))
      .then(resetLinkRevoked('r-1', 'QuestionsChanged'), questionsChanged)
      .when(resetPassword('r-1', true, 'hash-2', 'portal-8'))
      .thenRefused('LinkDead');
  });
  test('is refused at a shut door, and to accounts not confirmed', () => {
    given(registered, locked).when(changeSecurityQuestions(newQuestions)).thenRefused('SessionEnded');
    given(registered, suspended()).when(changeSecurityQuestions(newQuestions)).thenRefused('SessionEnded');
    given(unconfirmed).when(changeSecurityQuestions(newQuestions)).thenRefused('AccountUnconfirmed');
    given().when(changeSecurityQuestions(newQuestions)).thenRefused('AccountUnknown');
  });
});
