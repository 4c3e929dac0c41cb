import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { RandomIds } from '../../src/adapters/system.js';
import type { LegacyAccountEvent } from '../../src/domain/legacy-account/events.js';
import { legacyAccountDecider } from '../../src/domain/legacy-account/legacy-account.js';
import { Codec } from '../../src/engine/codec.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { Streams } from '../../src/engine/streams.js';
import type { Envelope } from '../../src/engine/envelope.js';
import {
  legacySyncFailures,
  ListLegacySyncFailures,
  ListLegacySyncFailuresHandler,
  type LegacySyncFailures,
} from '../../src/projections/legacy-sync-failures.js';
import * as past from '../domain/legacy-account/past.js';
import { MINUTE, T0 } from '../support/given.js';
import { FakeClock } from '../support/portal.js';
import { memoryViews } from '../support/views.js';

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

describe('the list of them', () => {
  const codec = (keyring: Keyring) => new Codec([legacyAccountDecider], keyring);
  const context = (commandId: string) => {
    const actor = { kind: 'account', id: 'desmond', role: 'serviceDesk' } as const;
    return { commandId, actor, correlationId: commandId, causationId: commandId };
  };

  it('names nobody who was erased, and nobody whose password is another one by now', async () => {
    const log = EmbeddedEventStore.openInMemory();
    const keyring = new Keyring(EmbeddedKeyStore.openInMemory(), masterKey(new Uint8Array(32).fill(3)));
    const views = memoryViews();
    const clock = new FakeClock(T0);
    const fresh = () => new Streams(log, codec(keyring), clock, new RandomIds(), { soleWriter: true });
    const listed = async () => {
      const { failures } = await new ListLegacySyncFailuresHandler(views, fresh()).execute(
        new ListLegacySyncFailures(10),
      );
      return failures.map(({ legacyAccountId, account }) => [
        legacyAccountId,
        account.entry?.profile.legacyUserId ?? null,
      ]);
    };
    await views.open(legacySyncFailures);
    const writes = [];
    for (const [index, id] of ['l-1', 'l-2'].entries()) {
      const story = [past.imported({ legacyUserId: id }), past.refused(1)];
      const { position } = await fresh().decide(legacyAccountDecider, id, () => story, context(`${id}-1`));
      const body = { legacyAccountId: id, lastFailedAt: T0 + index };
      writes.push({ key: id, position: position!, readAt: null, body });
    }
    await views.save(legacySyncFailures.name, writes, writes[1]!.position);
    expect(await listed()).toEqual([
      ['l-2', 'l-2'],
      ['l-1', 'l-1'],
    ]);
    await keyring.erase('l-2');
    const moved = [past.changed({ passwordHash: 'legacy-hash-2' })];
    await fresh().decide(legacyAccountDecider, 'l-1', () => moved, context('l-1-2'));
    expect(await listed()).toEqual([['l-2', null]]);
  });
});
