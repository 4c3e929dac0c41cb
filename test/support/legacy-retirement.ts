import { legacyPortalDecider, LEGACY_PORTAL_ID } from '../../src/domain/legacy-portal/legacy-portal.js';
import { Streams } from '../../src/engine/streams.js';
import { Ids } from '../../src/ports.js';
import * as past from '../domain/legacy-portal/past.js';
import type { Portal } from './portal.js';

/** As the log has it when everybody was told long ago. */
export async function retireLegacyPortal(portal: Portal): Promise<void> {
  const commandId = portal.app.get(Ids).next();
  const actor = { kind: 'operator', id: 'test', role: null } as const;
  const context = { commandId, actor, correlationId: commandId, causationId: commandId };
  const events = [past.announced(1, portal.clock.now()), past.madeKnown(1), past.retired];
  await portal.app.get(Streams).decide(legacyPortalDecider, LEGACY_PORTAL_ID, () => events, context);
}
