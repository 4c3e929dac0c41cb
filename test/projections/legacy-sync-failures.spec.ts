import type { LegacyAccountEvent } from '../../src/domain/legacy-account/events.js';
import type { Envelope } from '../../src/engine/envelope.js';
import { legacySyncFailures, type LegacySyncFailures } from '../../src/projections/legacy-sync-failures.js';
import * as past from '../domain/legacy-account/past.js';
import { MINUTE, T0 } from '../support/given.js';

function folded(...events: readonly LegacyAccountEvent[]): LegacySyncFailures | null {
  return events.reduce<LegacySyncFailures | null>((failures, event, index) => {
    if (!legacySyncFailures.types.has(event.type)) return failures;
    const recorded = { ...event, stream: 'legacyAccount-l-1', meta: { at: T0 + index * MINUTE } };
    return legacySyncFailures.fold(failures, recorded as unknown as Envelope);
  }, null);
}

describe('failed syncs of a legacy account', () => {
  it('are kept by account, with when the last one was, and nothing personal', () => {
    const failures = folded(past.imported(), past.refused(1), past.refused(2));
    expect(failures).toEqual({ legacyAccountId: 'l-1', lastFailedAt: T0 + 2 * MINUTE });
  });

  it('are over when a sync succeeds, or the password is reset; not by an import, or by asking for a reset', () => {
    expect(folded(past.refused(1), past.claimed())).toBeNull();
    expect(folded(past.refused(1), past.linkRequested(), past.passwordReset())).toBeNull();
    expect(folded(past.refused(1), past.changed({}), past.linkRequested())).not.toBeNull();
    expect(folded(past.refused(1), past.claimed(), past.refused(1))).not.toBeNull();
  });
});
