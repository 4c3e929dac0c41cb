import { expireDeadlines } from '../../../src/domain/account/deadlines.js';
import {
  abandonRegistration,
  confirmEmail,
  noteRegistrationAttempt,
  register,
} from '../../../src/domain/account/registration.js';
import { DAY, HOUR, MINUTE } from '../../support/given.js';
import {
  confirmationLinkRequested,
  confirmationRefused,
  emailConfirmed,
  given,
  invited,
  loginFailed,
  lockedOnce,
  lockExpired,
  personErased,
  registered,
  registration,
  registrationAbandoned,
  registrationAttempted,
  registrationExpired,
  right,
  unconfirmed,
  wrong,
} from './past.js';

const refusedTimes = (times: number) =>
  Array.from({ length: times }, (_, index) => confirmationRefused(index + 1));

describe('registering', () => {
  test('records the account, which expires after 48 hours unless confirmed', () => {
    given().when(register(registration)).then(unconfirmed);
  });
  test('refuses an account that exists', () => {
    given(unconfirmed).when(register(registration)).thenRefused('AccountExists');
    given(registered).when(register(registration)).thenRefused('AccountExists');
  });
  test('refuses an account whose claim was taken over before it came to be', () => {
    given(registrationAbandoned).when(register(registration)).thenRefused('RegistrationAbandoned');
  });
});

describe('confirming', () => {
  test('with the password chosen makes the account usable', () => {
    given(unconfirmed)
      .when(confirmEmail('confirm-1', true))
      .then(emailConfirmed)
      .when(right('s-1'))
      .then(expect.objectContaining({ type: 'LoginSucceeded' }));
  });
  test('with another password is counted', () => {
    given(unconfirmed, refusedTimes(3)).when(confirmEmail('confirm-1', false)).then(confirmationRefused(4));
  });
  test('still works after four wrong passwords', () => {
    given(unconfirmed, refusedTimes(4)).when(confirmEmail('confirm-1', true)).then(emailConfirmed);
  });
  test('ends the registration with the fifth wrong password, also for the right one', () => {
    given(unconfirmed, refusedTimes(4))
      .when(confirmEmail('confirm-1', false))
      .then(confirmationRefused(5), registrationExpired('TooManyFailures'))
      .when(confirmEmail('confirm-1', true))
      .thenRefused('LinkDead');
  });
  test('is possible until the 48th hour, and not from then on', () => {
    given(unconfirmed)
      .after(48 * HOUR - 1)
      .when(confirmEmail('confirm-1', true))
      .then(emailConfirmed);
    given(unconfirmed)
      .after(48 * HOUR)
      .when(confirmEmail('confirm-1', true))
      .thenRefused('LinkDead');
  });
  test('refuses another link than the one mailed', () => {
    given(unconfirmed).when(confirmEmail('confirm-2', true)).thenRefused('LinkDead');
  });
  test('refuses the link a second time', () => {
    given(registered).when(confirmEmail('confirm-1', true)).thenRefused('LinkDead');
  });
  test("refuses the link of staff's invitation", () => {
    given(invited).when(confirmEmail('enrol-1', true)).thenRefused('LinkDead');
  });
  test('refuses where there is no account', () => {
    given().when(confirmEmail('confirm-1', true)).thenRefused('LinkDead');
  });
});

describe('a registration that nobody confirms', () => {
  test('expires after 48 hours', () => {
    given(unconfirmed)
      .after(48 * HOUR)
      .when(expireDeadlines())
      .then(registrationExpired('Deadline'));
  });
  test('does not expire before', () => {
    given(unconfirmed)
      .after(48 * HOUR - 1)
      .when(expireDeadlines())
      .thenNothing();
  });
  test('does not expire once confirmed', () => {
    given(registered)
      .after(48 * HOUR)
      .when(expireDeadlines())
      .thenNothing();
  });
  test('lets nobody sign in', () => {
    given(unconfirmed).when(right()).thenNothing();
  });
  test('counts no wrong password', () => {
    given(unconfirmed).when(wrong()).thenNothing();
  });
  test('takes the key of its address with it to its end', () => {
    const ended = given(unconfirmed, registrationExpired('Deadline')).state;
    expect(ended).toEqual({ status: 'Ended', emailKey: 'key-ada' });
  });
});

describe('registering an address that has an account', () => {
  test('is noted, so that its owner can be told', () => {
    given(registered).when(noteRegistrationAttempt()).then(registrationAttempted);
  });
  test('is noted once a day', () => {
    given(registered, registrationAttempted)
      .after(DAY - 1)
      .when(noteRegistrationAttempt())
      .thenNothing();
    given(registered, registrationAttempted)
      .after(DAY)
      .when(noteRegistrationAttempt())
      .then(registrationAttempted);
  });
  test('records beside it what time made due', () => {
    given(registered, lockedOnce())
      .after(15 * MINUTE)
      .when(noteRegistrationAttempt())
      .then(lockExpired, registrationAttempted);
  });
  test('sends an unconfirmed one its link again, no sooner than after five minutes', () => {
    given(unconfirmed)
      .after(5 * MINUTE - 1)
      .when(noteRegistrationAttempt())
      .thenNothing();
    given(unconfirmed)
      .after(5 * MINUTE)
      .when(noteRegistrationAttempt())
      .then(confirmationLinkRequested);
  });
  test('sends an unconfirmed one its link five times in all', () => {
    let story = given(unconfirmed);
    for (let sent = 2; sent <= 5; sent += 1) {
      story = story
        .after(5 * MINUTE)
        .when(noteRegistrationAttempt())
        .then(confirmationLinkRequested);
    }
    story.after(HOUR).when(noteRegistrationAttempt()).thenNothing();
  });
  test('is nothing to an account that never came, or has ended', () => {
    given().when(noteRegistrationAttempt()).thenNothing();
    given(registered, personErased).when(noteRegistrationAttempt()).thenNothing();
  });
});

describe('giving up a registration that never came', () => {
  test('is recorded, so that it cannot come any more', () => {
    given()
      .when(abandonRegistration())
      .then(registrationAbandoned)
      .when(register(registration))
      .thenRefused('RegistrationAbandoned');
  });
  test('is refused once the account is there', () => {
    given(unconfirmed).when(abandonRegistration()).thenRefused('AccountExists');
  });
  test('happens once', () => {
    given(registrationAbandoned).when(abandonRegistration()).thenNothing();
    given(unconfirmed, registrationExpired('Deadline')).when(abandonRegistration()).thenNothing();
  });
});

test('an ended account is left alone by all that comes after', () => {
  const { state } = given(unconfirmed, registrationExpired('Deadline')).and(emailConfirmed, loginFailed(1));
  expect(state).toEqual({ status: 'Ended', emailKey: 'key-ada' });
});
