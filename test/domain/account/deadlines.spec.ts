import { dueEvents, expireDeadlines, nextDeadline } from '../../../src/domain/account/deadlines.js';
import { HOUR, MINUTE, T0 } from '../../support/given.js';
import {
  accountLocked,
  emailChanged,
  emailChangeExpired,
  emailChangeRequested,
  failed,
  formerEmailReleased,
  given,
  invited,
  linkSent,
  locked,
  lockExpired,
  personErased,
  registered,
  resetLinkExpired,
  resetRequested,
  suspended,
  unconfirmed,
} from './past.js';

test.each([
  ['an unconfirmed account', [unconfirmed], T0 + 48 * HOUR],
  ['an invitation', [invited], T0 + 48 * HOUR],
  ['a lock', [...registered, ...locked], T0 + 15 * MINUTE],
  ['a reset link', [...registered, ...linkSent()], T0 + 24 * HOUR],
  ['a reset link never mailed', [...registered, resetRequested()], T0 + 24 * HOUR],
  ['a change of address', [...registered, emailChangeRequested('c-1', 'new')], T0 + 48 * HOUR],
  ['a former address', [...registered, emailChanged('c-1', 'new', 'key-ada')], T0 + 168 * HOUR],
])('%s is due at its deadline, and not a millisecond before', (_, past, deadline) => {
  const { state } = given(past);
  expect(nextDeadline(state)).toBe(deadline);
  expect(dueEvents(state, deadline - 1)).toEqual([]);
  expect(dueEvents(state, deadline)).toHaveLength(1);
  const after = given(past)
    .after(deadline - T0)
    .and(dueEvents(state, deadline)).state;
  expect(nextDeadline(after)).toBeNull();
});

test.each([
  ['an account in order', registered],
  ['a lock without end', [...registered, ...failed(4), accountLocked('TooManyFailures', 5)]],
  ['a suspension', [...registered, suspended()]],
  ['an erased person', [...registered, personErased]],
  ['no account', []],
])('%s waits for nothing', (_, past) => {
  const { state } = given(past);
  expect(nextDeadline(state)).toBeNull();
  expect(dueEvents(state, T0 + 10_000 * HOUR)).toEqual([]);
});

test('the nearest deadline is the next', () => {
  const { state } = given(registered, emailChangeRequested('c-1', 'new'), linkSent(), locked);
  expect(nextDeadline(state)).toBe(T0 + 15 * MINUTE);
});

test('all that came due is recorded at once', () => {
  given(
    registered,
    emailChanged('c-0', 'old', 'key-ada'),
    emailChangeRequested('c-1', 'new'),
    linkSent(),
    locked,
  )
    .after(168 * HOUR)
    .when(expireDeadlines())
    .then(
      lockExpired,
      resetLinkExpired('r-1'),
      emailChangeExpired('c-1', 'new'),
      formerEmailReleased('c-0', 'key-ada'),
    )
    .when(expireDeadlines())
    .thenNothing();
});
