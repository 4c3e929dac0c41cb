import { repudiateReset, requestReset } from '../../../src/domain/account/recovery.js';
import {
  emailChangeExpired,
  emailChangeRequested,
  given,
  linkSent,
  locked,
  passwordChanged,
  passwordReset,
  reason,
  recoveryBlocked,
  recoveryUnblocked,
  registered,
  resetDeclined,
  resetLinkRevoked,
  resetRepudiated,
  resetRequested,
  right,
  signedIn,
} from './past.js';
import { unblockRecovery } from '../../../src/domain/account/locks.js';
import { resetPassword } from '../../../src/domain/account/recovery.js';

const afterReset = [...registered, passwordReset('r-1')];
const repudiated = [resetRepudiated('r-1'), recoveryBlocked('Repudiated', 0)];

describe('"This wasn\'t me" after a reset', () => {
  test('disables the password, ends all sessions and blocks recovery', () => {
    const { state } = given(afterReset, signedIn('s-thief')).when(repudiateReset('r-1')).then(repudiated);
    expect(state).toMatchObject({ sessions: [], password: { disabled: true } });
    given(afterReset, repudiated).when(right('s-1', 2)).thenNothing();
    given(afterReset, repudiated).when(requestReset('r-2')).then(resetDeclined('RecoveryBlocked'));
  });
  test('kills a link and a change of address asked for since', () => {
    given(afterReset, linkSent('r-2'), emailChangeRequested('c-1', 'mallory'))
      .when(repudiateReset('r-1'))
      .then(resetLinkRevoked('r-2', 'Repudiated'), emailChangeExpired('c-1', 'mallory'), ...repudiated);
  });
  test('works also when the thief has changed the password since', () => {
    given(afterReset, signedIn('s-thief'), passwordChanged('s-thief', 'hash-3'))
      .when(repudiateReset('r-1'))
      .then(repudiated);
  });
  test('works also while the account is locked', () => {
    given(afterReset, locked).when(repudiateReset('r-1')).then(repudiated);
  });
  test('works once', () => {
    given(afterReset, repudiated).when(repudiateReset('r-1')).thenRefused('LinkDead');
  });
  test('means the latest reset', () => {
    given(afterReset, passwordReset('r-2')).when(repudiateReset('r-1')).thenRefused('LinkDead');
  });
  test('is refused where nothing was reset', () => {
    given(registered).when(repudiateReset('r-1')).thenRefused('LinkDead');
    given().when(repudiateReset('r-1')).thenRefused('LinkDead');
  });
  test('is undone by an officer and a new reset together', () => {
    given(afterReset, repudiated)
      .when(unblockRecovery(reason))
      .then(recoveryUnblocked)
      .when(right('s-1', 2))
      .thenNothing()
      .when(requestReset('r-2'))
      .then(resetRequested('r-2'))
      .when(resetPassword('r-2', true, 'hash-3', 'portal-8'))
      .then(passwordReset('r-2', 'hash-3'))
      .when(right('s-1', 3))
      .then(signedIn());
  });
});
