import { v5 } from 'uuid';
import type { ReplacementSettlement } from '../commands/replacement-settlement.js';
import { partsOf, type Envelope } from '../engine/envelope.js';
import type { Reaction } from '../engine/projection.js';

const NAMESPACE = '5f0b7f6e-6b1e-4a58-8d36-0b4a2c0d9f14';

/** Does what follows from approvals where the service that took them ended before it could. */
export class CompleteOwnerReplacements implements Reaction {
  readonly name = 'complete-owner-replacements';
  readonly types: ReadonlySet<string> = new Set(['OwnerReplacementApproved']);

  constructor(private readonly settlement: Pick<ReplacementSettlement, 'settle'>) {}

  readonly react = async ({ stream, eventId, meta }: Envelope): Promise<void> => {
    await this.settlement.settle(partsOf(stream).id, {
      commandId: v5(eventId, NAMESPACE),
      actor: { kind: 'system', id: this.name, role: null },
      correlationId: meta.correlationId,
      causationId: eventId,
    });
  };
}
