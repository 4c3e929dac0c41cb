import type { LogoutCause } from '../../../src/domain/legacy-account/events.js';
import { legacyAccountDecider } from '../../../src/domain/legacy-account/legacy-account.js';
import {
  lapseLogout,
  recordLogoutAnswer,
  requestLogouts,
} from '../../../src/domain/legacy-account/logging-out.js';
import { DAY, HOUR, MINUTE, SECOND, storyOf, T0 } from '../../support/given.js';
import * as handedOverPast from './past.js';
import * as logouts from './past-logouts.js';

const past = { ...handedOverPast, ...logouts };

const given = storyOf(legacyAccountDecider);
const request = (causes: Readonly<Record<string, LogoutCause>>) =>
  requestLogouts(
    'event-1',
    ({ sessionId }) => causes[sessionId] ?? null,
    ({ sessionId }) => `logout-${sessionId}`,
  );
const handedOver = [
  past.imported(),
  past.claimed(),
  past.ticketIssued('t-1', T0 + MINUTE, 's-1'),
  past.ticketRedeemed('t-1'),
  past.ticketIssued('t-2', T0 + MINUTE, 's-2'),
  past.ticketRedeemed('t-2'),
];

describe('the end of a session', () => {
  it('is sent on for what was handed over from it, once', () => {
    given(handedOver)
      .when(request({ 's-1': 'SessionEnded' }))
      .then(past.logoutRequested('s-1', 'SessionEnded'))
      .when(request({ 's-1': 'Locked', 's-2': 'Locked' }))
      .then(past.logoutRequested('s-2', 'Locked'));
  });

  it('is of no interest a day later, when the legacy portal has ended its own', () => {
    given(handedOver)
      .after(DAY - 1)
      .when(request({ 's-1': 'Suspended' }))
      .then(past.logoutRequested('s-1', 'Suspended'));
    given(handedOver)
      .after(DAY)
      .when(request({ 's-1': 'Suspended' }))
      .thenNothing();
  });

  it('is of no interest to a legacy portal that opened nothing', () => {
    given(past.imported(), past.claimed(), past.ticketIssued('t-1', T0 + MINUTE, 's-1'))
      .when(request({ 's-1': 'SessionEnded' }))
      .thenNothing();
  });
});

describe('the legacy portal', () => {
  const requested = given(handedOver, past.logoutRequested('s-1', 'SessionEnded'));

  it('acknowledges a logout once', () => {
    requested
      .when(recordLogoutAnswer('logout-s-1', null))
      .then(past.logoutAcknowledged('logout-s-1'))
      .when(recordLogoutAnswer('logout-s-1', null))
      .thenNothing()
      .when(recordLogoutAnswer('logout-s-1', 'TimedOut'))
      .thenNothing();
  });

  it('that does not is asked again, after pauses that double up to a quarter of an hour', () => {
    requested
      .when(recordLogoutAnswer('logout-s-1', 'Unreachable'))
      .then(past.logoutFailed('logout-s-1', 'Unreachable', 1, T0 + 5 * SECOND))
      .after(MINUTE)
      .when(recordLogoutAnswer('logout-s-1', 'Faulty'))
      .then(past.logoutFailed('logout-s-1', 'Faulty', 2, T0 + MINUTE + 10 * SECOND));
    given(
      handedOver,
      past.logoutRequested('s-1', 'SessionEnded'),
      past.logoutFailed('logout-s-1', 'Refused', 30, T0),
    )
      .when(recordLogoutAnswer('logout-s-1', 'Refused'))
      .then(past.logoutFailed('logout-s-1', 'Refused', 31, T0 + 15 * MINUTE));
  });

  it('has ended the session by itself after a day', () => {
    requested
      .after(DAY - 1)
      .when(lapseLogout('logout-s-1'))
      .thenNothing();
    requested
      .after(DAY)
      .when(lapseLogout('logout-s-1'))
      .then(past.logoutLapsed('logout-s-1'))
      .when(recordLogoutAnswer('logout-s-1', null))
      .thenNothing();
    requested.after(HOUR).when(lapseLogout('logout-other')).thenNothing();
  });
});
