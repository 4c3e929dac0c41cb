import { v5 } from 'uuid';
import type { LegacyClaims } from '../commands/legacy-claims.js';
import type { LegacyChanges } from '../commands/legacy-changes.js';
import { DomainError } from '../domain/domain-error.js';
import { partsOf, type Envelope } from '../engine/envelope.js';
import type { Reaction } from '../engine/projection.js';
import type { CommandContext } from '../engine/streams.js';

const NAMESPACE = '6c8a9d3e-6a0c-4a43-9d0e-1b7f0c8b52d4';

/** Completes syncs that were begun and not ended, between any two of their appends; and lets the access that came over follow what the
 *  legacy portal tells later. */
export class LegacySyncs implements Reaction {
  readonly name = 'legacy-syncs';
  readonly types: ReadonlySet<string> = new Set([
    'LegacyAccountClaimed',
    'LegacySynced',
    'LegacyAccountChanged',
  ]);

  constructor(
    private readonly claims: LegacyClaims,
    private readonly changes: LegacyChanges,
  ) {}

  readonly react = async (envelope: Envelope): Promise<void> => {
    const { id } = partsOf(envelope.stream);
    const context = this.context(envelope);
    if (envelope.type === 'LegacyAccountChanged') return this.changes.follow(id, context);
    if (envelope.type === 'LegacySynced') {
      await this.claims.bringOverAccess(id, context);
      // What was told while the sync was under way: nobody else looks for it any more.
      return this.changes.follow((envelope.data as { legacyAccountId: string }).legacyAccountId, context);
    }
    const { accountId } = envelope.data as { accountId: string };
    try {
      await this.claims.complete(id, accountId, context);
    } catch (error) {
      // Refused: given up for ever, or left to the owner, who can sync again once the account is open.
      if (!(error instanceof DomainError)) throw error;
    }
  };

  private context(envelope: Envelope): CommandContext {
    return {
      commandId: v5(envelope.eventId, NAMESPACE),
      actor: { kind: 'system', id: this.name, role: null },
      correlationId: envelope.meta.correlationId,
      causationId: envelope.eventId,
    };
  }
}
