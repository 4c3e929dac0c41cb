import { v5 } from 'uuid';
import type { IndividualUsers, Removed } from '../commands/individual-users.js';
import { InvalidInput } from '../domain/account/input-rules.js';
import { DomainError } from '../domain/domain-error.js';
import { partsOf, type Envelope } from '../engine/envelope.js';
import type { Reaction } from '../engine/projection.js';

const NAMESPACE = 'b5a0f5c8-41d5-4f0e-8a54-7d9a8a1f60c3';

/** Completes what Account Owners began with users of theirs, where the service that took it ended before it could. */
export class IndividualUserSteps implements Reaction {
  readonly name = 'individual-users';
  readonly types: ReadonlySet<string> = new Set(['IndividualUserCreated', 'UserRemoved']);

  constructor(private readonly users: Pick<IndividualUsers, 'settle' | 'afterRemoval'>) {}

  readonly react = async ({ type, stream, data, eventId, meta }: Envelope): Promise<void> => {
    const { id } = partsOf(stream);
    const context = {
      commandId: v5(eventId, NAMESPACE),
      actor: { kind: 'system', id: this.name, role: null },
      correlationId: meta.correlationId,
      causationId: eventId,
    } as const;
    if (type === 'UserRemoved') return this.users.afterRemoval(id, data as Removed, context);
    try {
      await this.users.settle(id, context);
    } catch (error) {
      // Refused, and so revoked: somebody else owns by now, or may do less.
      if (!(error instanceof DomainError) && !(error instanceof InvalidInput)) throw error;
    }
  };
}
