import { accountDecider } from '../../../src/domain/account/account.js';
import { handingOver } from '../../../src/domain/account/legacy-handoff.js';
import { DomainError } from '../../../src/domain/domain-error.js';
import { DAY, MINUTE, storyOf, T0 } from '../../support/given.js';
import * as past from './past.js';

const given = storyOf(accountDecider);
const registered = () => given(past.unconfirmed, past.emailConfirmed, past.signedIn('s-1'));
const synced = () => registered().and(past.legacySynced());

function refusalOf({ state, now }: ReturnType<typeof synced>, sessionId = 's-1'): string {
  try {
    handingOver(state, sessionId, now);
    return 'none';
  } catch (error) {
    return (error as DomainError).code;
  }
}

describe('going over to the legacy portal', () => {
  it('is open to a session of a synced account', () => {
    expect(refusalOf(synced())).toBe('none');
    const { state, now } = synced();
    expect(handingOver(state, 's-1', now)).toMatchObject({
      session: { id: 's-1' },
      legacy: { syncedAt: T0 },
    });
  });

  it('is shut while the account is locked or suspended', () => {
    const locked = synced().and(past.accountLocked('TooManyFailures', 5, T0 + MINUTE));
    expect(refusalOf(locked)).toBe('AccountShut');
    expect(refusalOf(locked.after(MINUTE))).toBe('none');
    expect(refusalOf(synced().and(past.suspended('SecurityConcern')))).toBe('AccountShut');
  });

  it('ends with the session', () => {
    expect(refusalOf(synced().and(past.sessionEnded('s-1', 'SignedOut')))).toBe('SessionEnded');
    expect(refusalOf(synced().after(DAY))).toBe('SessionEnded');
    expect(refusalOf(synced(), 's-2')).toBe('SessionEnded');
  });

  it('needs a sync first', () => {
    expect(refusalOf(registered())).toBe('LegacyNotSynced');
    expect(refusalOf(given())).toBe('SessionEnded');
  });
});
