import { v5 } from 'uuid';
import { SendLegacyLogout, type SendLegacyLogoutHandler } from '../commands/send-legacy-logout.js';
import { partsOf, type Envelope } from '../engine/envelope.js';
import type { Reaction } from '../engine/projection.js';
import { LegacyPortalAway } from '../ports.js';

const NAMESPACE = '7d9c1f5b-9a3e-4c0e-8f0d-3c8f1b2a6d44';

/** Tells the legacy portal at once, and once. What it does not acknowledge a job tries again. */
export class SendLegacyLogouts implements Reaction {
  readonly name = 'send-legacy-logouts';
  readonly types: ReadonlySet<string>;

  constructor(
    private readonly handler: Pick<SendLegacyLogoutHandler, 'execute'>,
    isOpen: boolean,
  ) {
    this.types = new Set(isOpen ? ['LegacyLogoutRequested'] : []);
  }

  readonly react = async (envelope: Envelope): Promise<void> => {
    const { logoutId } = envelope.data as { logoutId: string };
    const context = {
      commandId: v5(envelope.eventId, NAMESPACE),
      actor: { kind: 'system', id: this.name, role: null },
      correlationId: envelope.meta.correlationId,
      causationId: envelope.eventId,
    } as const;
    try {
      await this.handler.execute(new SendLegacyLogout(partsOf(envelope.stream).id, logoutId, context));
    } catch (error) {
      // Not tried, as the portal answers nobody just now: it stays on the job's list.
      if (!(error instanceof LegacyPortalAway)) throw error;
    }
  };
}
