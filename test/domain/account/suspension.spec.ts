import { reinstate, suspend } from '../../../src/domain/account/locks.js';
import { sessionAt } from '../../../src/domain/account/sign-in.js';
import { MINUTE, T0 } from '../../support/given.js';
import {
  given,
  locked,
  lockExpired,
  reason,
  registered,
  reinstated,
  right,
  signedIn,
  suspended,
  unconfirmed,
} from './past.js';

describe('suspending', () => {
  test('is recorded with its cause, and ends all sessions', () => {
    const { state } = given(registered, signedIn('s-1'))
      .when(suspend('by-SecurityConcern', 'SecurityConcern', reason))
      .then(suspended('SecurityConcern'));
    expect(sessionAt(state, 's-1', T0)).toBeUndefined();
  });
  test('brings no session back when lifted', () => {
    const { state } = given(registered, signedIn('s-1'), suspended(), reinstated('OfficerDecision'));
    expect(sessionAt(state, 's-1', T0)).toBeUndefined();
  });
  test('is possible for several causes at once', () => {
    given(registered, suspended('OfficerDecision'))
      .when(suspend('by-CompanyStatus', 'CompanyStatus', reason))
      .then(suspended('CompanyStatus'));
  });
  test('is possible beside a lock', () => {
    given(registered, locked)
      .when(suspend('by-OfficerDecision', 'OfficerDecision', reason))
      .then(suspended('OfficerDecision'))
      .after(15 * MINUTE)
      .when(right())
      .then(lockExpired);
  });
  test('is refused twice for one cause', () => {
    given(registered, suspended())
      .when(suspend('again', 'OfficerDecision', reason))
      .thenRefused('AlreadySuspended');
  });
  test('is refused for an account that nobody can use yet, or that is not there', () => {
    given(unconfirmed)
      .when(suspend('s', 'OfficerDecision', reason))
      .thenRefused('AccountUnconfirmed');
    given()
      .when(suspend('s', 'OfficerDecision', reason))
      .thenRefused('AccountUnknown');
  });
});

describe('reinstating', () => {
  const threeCauses = [
    suspended('OfficerDecision'),
    suspended('SecurityConcern'),
    suspended('CompanyStatus'),
  ];

  test('lifts one cause; the others stay and keep the doors shut', () => {
    const { state } = given(registered, threeCauses)
      .when(reinstate('SecurityConcern', reason))
      .then(reinstated('SecurityConcern'))
      .when(right())
      .thenNothing();
    expect(state).toMatchObject({
      suspensions: [
        { id: 'by-OfficerDecision', cause: 'OfficerDecision', since: T0 },
        { id: 'by-CompanyStatus', cause: 'CompanyStatus', since: T0 },
      ],
    });
  });
  test('opens the doors when the last cause is lifted', () => {
    given(registered, suspended())
      .when(reinstate('OfficerDecision', reason))
      .then(reinstated('OfficerDecision'))
      .when(right())
      .then(signedIn());
  });
  test('lifts no lock', () => {
    given(registered, suspended(), locked)
      .when(reinstate(null, reason))
      .then(reinstated('OfficerDecision'))
      .when(right())
      .thenNothing();
  });
  test('needs no cause where there is one', () => {
    given(registered, suspended('CompanyStatus'))
      .when(reinstate(null, reason))
      .then(reinstated('CompanyStatus'));
  });
  test('needs the cause where there are several', () => {
    given(registered, threeCauses).when(reinstate(null, reason)).thenRefused('CauseNeeded');
  });
  test('is refused where the account is not suspended for the cause', () => {
    given(registered, suspended()).when(reinstate('CompanyStatus', reason)).thenRefused('NotSuspended');
    given(registered).when(reinstate(null, reason)).thenRefused('NotSuspended');
    given().when(reinstate(null, reason)).thenRefused('AccountUnknown');
  });
});
