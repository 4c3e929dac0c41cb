import { LiveProjections } from '../../src/engine/live-projections.js';
import { EventStore } from '../../src/ports.js';
import type { Portal } from './portal.js';
import type { PortalClient } from './portal-client.js';

/** What the signed-in person is told of the account, oldest first. */
export async function sentences(client: PortalClient): Promise<string[]> {
  const { body } = await client.get('/api/v1/me/history?limit=200');
  return (body.entries as { sentence: string }[]).map(({ sentence }) => sentence).reverse();
}

/** Resolves when every view reflects every event so far. */
export async function projected(portal: Portal): Promise<void> {
  const live = portal.app.get(LiveProjections);
  const head = await portal.app.get(EventStore).head();
  for (const { name } of live.states()) {
    if (head !== null && !(await live.waitFor(name, head, 5_000))) throw new Error(`${name} lags`);
  }
}
