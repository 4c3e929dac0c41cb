import { accountDecider } from '../../../src/domain/account/account.js';
import type { AccountEvent } from '../../../src/domain/account/events.js';
import { legacyLogoutCause } from '../../../src/domain/account/legacy-logout.js';
import { DAY, MINUTE, storyOf, T0 } from '../../support/given.js';
import * as past from './past.js';

const locked = past.accountLocked('TooManyFailures', 5, T0 + 15 * MINUTE);
const other = past.signedIn('s-2');
type Row = [what: string, events: readonly AccountEvent[], cause: string | null, afterMs?: number];

describe('what was handed over to the legacy portal', () => {
  it.each<Row>([
    ['goes on while its session does', [], null],
    ['goes on while its session is not used', [], null, 2 * DAY],
    ['goes on when another session ends', [other, past.sessionEnded('s-2', 'SignedOut')], null],
    ['ends with its session', [past.sessionEnded('s-1', 'SignedOut')], 'SessionEnded'],
    ['ends with a lock', [locked], 'Locked'],
    ['goes on where the lock has ended since', [locked], null, 15 * MINUTE],
    ['ends with a suspension', [locked, past.suspended('SecurityConcern')], 'Suspended'],
    [
      'ends with a password that another session changed',
      [other, past.passwordChanged('s-2')],
      'SessionEnded',
    ],
    ['goes on with a password that its own session changed', [past.passwordChanged('s-1')], null],
    ['ends with a reset', [past.resetRequested(), past.passwordReset()], 'SessionEnded'],
    ['ends with the account', [past.personErased], 'AccountEnded'],
  ])('%s', (_what, events, cause, afterMs = 0) => {
    const { state, now } = storyOf(accountDecider)(past.registered, past.signedIn('s-1'))
      .and(events)
      .after(afterMs);
    expect(legacyLogoutCause(state, 's-1', now)).toBe(cause);
  });
});
