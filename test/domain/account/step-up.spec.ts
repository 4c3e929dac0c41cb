import { requestContactEmailChange } from '../../../src/domain/account/contact-email.js';
import { changePassword, changeSecurityQuestions } from '../../../src/domain/account/credentials.js';
import { HOUR, MINUTE, T0 } from '../../support/given.js';
import {
  address,
  emailChangeRequested,
  given,
  locked,
  newQuestions,
  passwordChanged,
  passwordConfirmed,
  passwordDisabled,
  passwordReset,
  questionsChanged,
  registered,
  sessionEnded,
  signedIn,
  suspended,
  unlocked,
} from './past.js';

const changes = [
  {
    what: 'the password',
    change: changePassword('s-1', 'hash-2', 'portal-8'),
    done: () => passwordChanged('s-1'),
  },
  {
    what: 'the security questions',
    change: changeSecurityQuestions('s-1', newQuestions),
    done: () => questionsChanged,
  },
  {
    what: 'the contact address',
    change: requestContactEmailChange('s-1', { changeId: 'c-1', ...address('new'), held: true }),
    done: (at: number) => emailChangeRequested('c-1', 'new', at),
  },
];

describe.each(changes)('changing $what', ({ change, done }) => {
  const signed = given(registered, signedIn('s-1'));

  test('asks for the password within the last five minutes', () => {
    const inTime = signed.after(5 * MINUTE - 1);
    inTime.when(change).then(done(inTime.now));
    signed
      .after(5 * MINUTE)
      .when(change)
      .thenRefused('PasswordNeeded');
  });
  test('is possible again once the password was typed again', () => {
    const again = signed.after(HOUR).and(passwordConfirmed('s-1')).after(MINUTE);
    again.when(change).then(done(again.now));
  });
  test('is refused in a session that ended, reached its end, or never was', () => {
    signed.and(sessionEnded('s-1', 'SignedOut')).when(change).thenRefused('SessionEnded');
    given(registered, signedIn('s-1', T0 + MINUTE))
      .after(MINUTE)
      .when(change)
      .thenRefused('SessionEnded');
    given(registered).when(change).thenRefused('SessionEnded');
    given().when(change).thenRefused('SessionEnded');
  });
  test('is refused where a reset came first, however close', () => {
    signed.and(passwordReset()).when(change).thenRefused('SessionEnded');
  });
  test('is refused at a shut door', () => {
    signed.and(locked).when(change).thenRefused('SessionEnded');
    given(registered, suspended(), signedIn('s-1')).when(change).thenRefused('SessionEnded');
  });
  test('is refused while the password is disabled', () => {
    signed.and(passwordDisabled, unlocked).when(change).thenRefused('SessionEnded');
  });
});
