import { unblockRecovery } from '../../../src/domain/account/locks.js';
import { requestReset, resetLinkSent as recordSent } from '../../../src/domain/account/recovery.js';
import { expireDeadlines } from '../../../src/domain/account/deadlines.js';
import { DAY, HOUR, MINUTE, T0 } from '../../support/given.js';
import {
  accountLocked,
  confirmationLinkRequested,
  given,
  linkSent,
  locked,
  lockExpired,
  noticeSent,
  passwordReset,
  reason,
  recoveryBlocked,
  recoveryUnblocked,
  registered,
  resetDeclined,
  resetLinkExpired,
  resetLinkSent,
  resetRepudiated,
  resetRequested,
  suspended,
  unconfirmed,
} from './past.js';

describe('asking for a reset', () => {
  test('makes a link', () => {
    given(registered).when(requestReset('r-1')).then(resetRequested('r-1'));
  });
  test('again within five minutes changes nothing', () => {
    given(registered, resetRequested('r-1'))
      .after(5 * MINUTE - 1)
      .when(requestReset('r-2'))
      .thenNothing();
  });
  test('again later sends the same link', () => {
    given(registered, linkSent('r-1'))
      .after(5 * MINUTE)
      .when(requestReset('r-2'))
      .then(resetRequested('r-1'));
  });
  test('sends one link at most five times', () => {
    let story = given(registered, linkSent('r-1'));
    for (let sent = 2; sent <= 5; sent += 1) {
      story = story
        .after(5 * MINUTE)
        .when(requestReset('r-2'))
        .then(resetRequested('r-1'));
    }
    story.after(HOUR).when(requestReset('r-2')).thenNothing();
  });
  test('makes a new link once the old one is dead', () => {
    given(registered, linkSent('r-1'))
      .after(DAY)
      .when(requestReset('r-2'))
      .then(resetLinkExpired('r-1'), resetRequested('r-2'));
    given(registered, linkSent('r-1'), passwordReset('r-1'))
      .when(requestReset('r-2'))
      .then(resetRequested('r-2'));
  });
  test('makes a new link a day after the last that could not be mailed', () => {
    const unsent = [...registered, ...Array.from({ length: 5 }, () => resetRequested('r-1'))];
    given(unsent)
      .after(DAY - 1)
      .when(requestReset('r-2'))
      .thenNothing();
    given(unsent).after(DAY).when(requestReset('r-2')).then(resetLinkExpired('r-1'), resetRequested('r-2'));
  });
  test('for an unconfirmed account sends the confirmation again instead', () => {
    given(unconfirmed)
      .after(5 * MINUTE)
      .when(requestReset('r-1'))
      .then(confirmationLinkRequested);
    given(unconfirmed)
      .after(5 * MINUTE - 1)
      .when(requestReset('r-1'))
      .thenNothing();
  });
  test('is nothing where there is no account', () => {
    given().when(requestReset('r-1')).thenNothing();
  });
});

describe('asking for a reset at a shut door', () => {
  test('during a lock gives no link, and is answered with the cause', () => {
    given(registered, locked).when(requestReset('r-1')).then(resetDeclined('Locked'));
  });
  test('during a suspension gives no link, and is answered with the cause', () => {
    given(registered, suspended()).when(requestReset('r-1')).then(resetDeclined('Suspended'));
  });
  test('names all causes', () => {
    given(registered, locked, suspended(), recoveryBlocked('AnswersRefused', 10))
      .when(requestReset('r-1'))
      .then(resetDeclined('Locked', 'Suspended', 'RecoveryBlocked'));
  });
  test('is answered once an hour', () => {
    const declined = [...registered, suspended(), resetDeclined('Suspended')];
    given(declined)
      .after(HOUR - 1)
      .when(requestReset('r-1'))
      .thenNothing();
    given(declined).after(HOUR).when(requestReset('r-1')).then(resetDeclined('Suspended'));
  });
  test('does not send the live link again', () => {
    given(registered, linkSent('r-1'), suspended())
      .after(5 * MINUTE)
      .when(requestReset('r-2'))
      .then(resetDeclined('Suspended'));
  });
  test('gives a link again when the lock has ended', () => {
    given(registered, locked)
      .after(15 * MINUTE)
      .when(requestReset('r-1'))
      .then(lockExpired, resetRequested('r-1'));
  });
  test('gives no link after ten refused sets of answers until a specialist lifts that', () => {
    given(registered, recoveryBlocked('AnswersRefused', 10))
      .when(requestReset('r-1'))
      .then(resetDeclined('RecoveryBlocked'))
      .when(unblockRecovery(reason))
      .then(recoveryUnblocked)
      .when(requestReset('r-1'))
      .then(resetRequested('r-1'));
  });
});

describe('lifting a block of recovery', () => {
  test('is refused where there is none', () => {
    given(registered).when(unblockRecovery(reason)).thenRefused('RecoveryNotBlocked');
    given().when(unblockRecovery(reason)).thenRefused('AccountUnknown');
  });
  test('lifts no lock', () => {
    given(registered, locked, recoveryBlocked('AnswersRefused', 10))
      .when(unblockRecovery(reason))
      .then(recoveryUnblocked)
      .when(requestReset('r-1'))
      .then(resetDeclined('Locked'));
  });
  test('leaves a disowned password disabled', () => {
    const { state } = given(registered, passwordReset(), resetRepudiated(), recoveryBlocked('Repudiated', 0))
      .when(unblockRecovery(reason))
      .then(recoveryUnblocked);
    expect(state).toMatchObject({ password: { disabled: true } });
  });
});

describe('a mailed link', () => {
  const sent = (forRevision: number) => recordSent('r-1', 'mail-r-1', forRevision, DAY);

  test('lives for 24 hours from when it was sent, not from when it was asked for', () => {
    given(registered, resetRequested('r-1'))
      .after(6 * HOUR)
      .when(sent(2))
      .then(resetLinkSent('r-1', T0 + 30 * HOUR));
  });
  test('lives no longer for being sent again', () => {
    given(registered, linkSent('r-1'), resetRequested('r-1'))
      .after(6 * HOUR)
      .when(sent(4))
      .then(resetLinkSent('r-1', T0 + 24 * HOUR, 4));
  });
  test('is recorded once for one request', () => {
    given(registered, linkSent('r-1')).when(sent(2)).thenNothing();
    given(registered, resetRequested('r-1'), noticeSent(2)).when(sent(2)).thenNothing();
  });
  test('is recorded also when the link has died on the way, and does not bring it back', () => {
    const { state } = given(registered, resetRequested('r-1'), passwordReset('r-1'))
      .when(sent(2))
      .then(resetLinkSent('r-1', T0 + DAY));
    expect(state).toMatchObject({ recovery: { link: null }, noticedUpTo: 2 });
  });
  test('dies 24 hours after it was sent', () => {
    given(registered, linkSent('r-1'))
      .after(DAY - 1)
      .when(expireDeadlines())
      .thenNothing();
    given(registered, linkSent('r-1')).after(DAY).when(expireDeadlines()).then(resetLinkExpired('r-1'));
  });
  test('is nothing to an account that is not there', () => {
    given().when(sent(0)).thenNothing();
  });
});

test('a request for a reset during a permanent lock names the lock', () => {
  given(registered, accountLocked('PasswordDisabled', 5))
    .when(requestReset('r-1'))
    .then(resetDeclined('Locked'));
});
