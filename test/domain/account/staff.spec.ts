import {
  acceptInvitation,
  grantRole,
  inviteStaff,
  noteRegistrationAttempt,
  revokeRole,
} from '../../../src/domain/account/registration.js';
import { expireDeadlines } from '../../../src/domain/account/deadlines.js';
import { requestReset } from '../../../src/domain/account/recovery.js';
import { HOUR } from '../../support/given.js';
import {
  given,
  invitation,
  invitationAccepted,
  invited,
  questions,
  reason,
  registered,
  registrationAbandoned,
  registrationAttempted,
  registrationExpired,
  right,
  roleGranted,
  roleRevoked,
  signedIn,
  unconfirmed,
  wrong,
} from './past.js';

const accept = (linkId = 'enrol-1') => acceptInvitation(linkId, 'hash-1', 'portal-8', questions);

describe('inviting staff', () => {
  test('records the invitation and its role; it holds for 48 hours', () => {
    given().when(inviteStaff(invitation)).then(invited);
  });
  test('refuses an account that exists or has come to nothing', () => {
    given(registered).when(inviteStaff(invitation)).thenRefused('AccountExists');
    given(registrationAbandoned).when(inviteStaff(invitation)).thenRefused('AccountExists');
  });
});

describe('an invitation', () => {
  test('is accepted with a password and three questions', () => {
    given(invited).when(accept()).then(invitationAccepted).when(right('s-1')).then(signedIn('s-1'));
  });
  test('is accepted once', () => {
    given(invited, invitationAccepted).when(accept()).thenRefused('LinkDead');
  });
  test('is refused with another link, from a stranger, or for a registration', () => {
    given(invited).when(accept('enrol-2')).thenRefused('LinkDead');
    given().when(accept()).thenRefused('LinkDead');
    given(unconfirmed).when(accept('confirm-1')).thenRefused('LinkDead');
  });
  test('expires after 48 hours', () => {
    given(invited)
      .after(48 * HOUR - 1)
      .when(accept())
      .then(invitationAccepted);
    given(invited)
      .after(48 * HOUR)
      .when(accept())
      .thenRefused('LinkDead');
    given(invited)
      .after(48 * HOUR)
      .when(expireDeadlines())
      .then(registrationExpired('Deadline'));
  });
  test('has no password to guess and none to reset', () => {
    given(invited).when(wrong()).thenNothing();
    given(invited).when(requestReset('r-1')).thenNothing();
  });
  test('tells the invited that somebody registered their address', () => {
    given(invited).when(noteRegistrationAttempt()).then(registrationAttempted);
  });
});

describe('roles', () => {
  test('are granted beside those held', () => {
    const { state } = given(invited, invitationAccepted)
      .when(grantRole('auditor', reason))
      .then(roleGranted('auditor'));
    expect(state).toMatchObject({ roles: ['dutyOfficer', 'auditor'] });
  });
  test('are granted once', () => {
    given(invited, invitationAccepted).when(grantRole('dutyOfficer', reason)).thenNothing();
  });
  test('are granted to confirmed accounts only', () => {
    given(unconfirmed).when(grantRole('auditor', reason)).thenRefused('AccountUnconfirmed');
    given().when(grantRole('auditor', reason)).thenRefused('AccountUnknown');
  });
  test('when revoked end the sessions that used them', () => {
    const { state } = given(invited, invitationAccepted, signedIn('s-1'))
      .when(revokeRole('dutyOfficer', reason))
      .then(roleRevoked('dutyOfficer'));
    expect(state).toMatchObject({ roles: [], sessions: [] });
  });
  test('are revoked also before the invitation is accepted', () => {
    given(invited).when(revokeRole('dutyOfficer', reason)).then(roleRevoked('dutyOfficer'));
  });
  test('that are not held need no revoking', () => {
    given(registered).when(revokeRole('auditor', reason)).thenNothing();
  });
});
