import { changePassword, changeSecurityQuestions } from '../../../src/domain/account/credentials.js';
import { awaitingReset, resetPassword } from '../../../src/domain/account/recovery.js';
import {
  failed,
  given,
  linkSent,
  newQuestions,
  passwordChanged,
  questionsChanged,
  registered,
  resetLinkRevoked,
  right,
  signedIn,
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
});

describe('changing the security questions', () => {
  test('is recorded', () => {
    const { state } = given(registered, signedIn('s-1'))
      .when(changeSecurityQuestions('s-1', newQuestions))
      .then(questionsChanged);
    expect(state).toMatchObject({ questions: newQuestions });
  });
  test('kills a live reset link, so that answers judged before do not count', () => {
    const story = given(registered, signedIn('s-1'), linkSent('r-1'));
    awaitingReset(story.state, 'r-1', story.now);
    story
      .when(changeSecurityQuestions('s-1', newQuestions))
      .then(resetLinkRevoked('r-1', 'QuestionsChanged'), questionsChanged)
      .when(resetPassword('r-1', true, 'hash-2', 'portal-8'))
      .thenRefused('LinkDead');
  });
});
