import { v5 } from 'uuid';
import { accountDecider } from '../domain/account/account.js';
import type { AccountEvent } from '../domain/account/events.js';
import { legacyLogoutCause } from '../domain/account/legacy-logout.js';
import type { Account } from '../domain/account/state.js';
import { legacyAccountDecider } from '../domain/legacy-account/legacy-account.js';
import { requestLogouts } from '../domain/legacy-account/logging-out.js';
import { partsOf, type Envelope } from '../engine/envelope.js';
import type { Reaction } from '../engine/projection.js';
import type { Streams } from '../engine/streams.js';
import type { Clock } from '../ports.js';

const NAMESPACE = '0f0a5f0e-3a1f-4f63-9a0c-54d3c9a5e7b1';

/** Whatever can end a session or shut an account. Which did, the account's state tells. */
const types: readonly AccountEvent['type'][] = [
  'SessionEnded',
  'AccountLocked',
  'AccountSuspended',
  'PasswordChanged',
  'PasswordReset',
  'PasswordResetRepudiated',
  'ContactEmailRestored',
  'RoleRevoked',
  'PersonErased',
];

/** Has what was handed over to the legacy portal end there, too, when its session ends or its account is shut. Only asks for it: a
 *  legacy portal that is away keeps nobody waiting here. */
export class RequestLegacyLogouts implements Reaction {
  readonly name = 'request-legacy-logouts';
  readonly types: ReadonlySet<string>;

  constructor(
    private readonly streams: Streams,
    private readonly clock: Clock,
    /** False: the legacy portal takes no logouts, and no event is looked at. */
    isOpen: boolean,
  ) {
    this.types = new Set(isOpen ? types : []);
  }

  readonly react = async (envelope: Envelope): Promise<void> => {
    const { eventId } = envelope;
    const { id } = partsOf(envelope.stream);
    const { state, revision } = await this.streams.read(accountDecider, id);
    if (revision < envelope.revision) throw new Error('the account was read as it was before this event');
    const legacyAccountId = legacyAccountOf(state);
    if (legacyAccountId === null) return;
    const now = this.clock.now();
    const decision = requestLogouts(
      eventId,
      ({ accountId, sessionId }) => (accountId === id ? legacyLogoutCause(state, sessionId, now) : null),
      ({ ticketId }) => v5(`${eventId} ${ticketId}`, NAMESPACE),
    );
    await this.streams.decide(legacyAccountDecider, legacyAccountId, decision, {
      commandId: v5(eventId, NAMESPACE),
      actor: { kind: 'system', id: this.name, role: null },
      correlationId: envelope.meta.correlationId,
      causationId: eventId,
    });
  };
}

const legacyAccountOf = (account: Account): string | null =>
  (account.status === 'Registered' ? account.legacy?.legacyAccountId : undefined) ??
  (account.status === 'Ended' ? account.legacyAccountId : undefined) ??
  null;
