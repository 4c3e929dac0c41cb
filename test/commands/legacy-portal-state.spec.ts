import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { RandomIds } from '../../src/adapters/system.js';
import { LegacyPortalState } from '../../src/commands/legacy-portal-state.js';
import { LEGACY_PORTAL_ID, legacyPortalDecider } from '../../src/domain/legacy-portal/legacy-portal.js';
import { Codec } from '../../src/engine/codec.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { Streams } from '../../src/engine/streams.js';
import * as past from '../domain/legacy-portal/past.js';
import { FixedClock } from '../support/counters.js';
import { T0 } from '../support/given.js';

it('A retirement holds on every instance within a second', async () => {
  const log = EmbeddedEventStore.openInMemory();
  const keyring = new Keyring(EmbeddedKeyStore.openInMemory(), masterKey(new Uint8Array(32).fill(3)));
  const codec = new Codec([legacyPortalDecider], keyring);
  let uptimeMs = 0;
  const instance = () =>
    new Streams(log, codec, new FixedClock(T0), new RandomIds(), {
      soleWriter: false,
      uptimeMs: () => uptimeMs,
    });
  const [here, elsewhere] = [instance(), instance()];
  const states = [new LegacyPortalState(here), new LegacyPortalState(elsewhere)];
  const retired = () => Promise.all(states.map((state) => state.isRetired()));
  expect(await retired()).toEqual([false, false]);

  const events = [past.announced(1, T0), past.madeKnown(1), past.retired];
  const actor = { kind: 'operator', id: 'test', role: null } as const;
  const context = { commandId: 'c-1', actor, correlationId: 'c-1', causationId: 'c-1' };
  await here.decide(legacyPortalDecider, LEGACY_PORTAL_ID, () => events, context);
  uptimeMs += 999;
  expect(await retired()).toEqual([true, true]);
});
