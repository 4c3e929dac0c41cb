import { v5 } from 'uuid';
import { accountDecider } from '../domain/account/account.js';
import { holdsEmail } from '../domain/account/confirmed.js';
import type { PastAccountEvent } from '../domain/account/events.js';
import type { Account } from '../domain/account/state.js';
import { emailDecider, releaseEmail } from '../domain/email/email.js';
import { partsOf, type Envelope } from '../engine/envelope.js';
import type { Reaction } from '../engine/projection.js';
import type { Streams } from '../engine/streams.js';

const NAMESPACE = 'a1f7e8d0-4e0f-4bb1-9f0b-8a1d9a4c3c55';

/** Frees an address that its account has no right to any more. */
export class ReleaseEmails implements Reaction {
  readonly name = 'release-emails';
  readonly types: ReadonlySet<string> = new Set([
    'RegistrationExpired',
    'FormerEmailReleased',
    'ContactEmailRestored',
    'PersonErased',
  ]);

  constructor(private readonly streams: Streams) {}

  readonly react = async (envelope: Envelope): Promise<void> => {
    const accountId = partsOf(envelope.stream).id;
    const { state } = await this.streams.read(accountDecider, accountId);
    const emailKey = givenUp(envelope as unknown as PastAccountEvent, state);
    if (emailKey === null || holdsEmail(state, emailKey)) return;
    await this.streams.decide(emailDecider, emailKey, releaseEmail(accountId), {
      commandId: v5(`${envelope.eventId} ${emailKey}`, NAMESPACE),
      actor: { kind: 'system', id: this.name, role: null },
      correlationId: envelope.meta.correlationId,
      causationId: envelope.eventId,
    });
  };
}

function givenUp(event: PastAccountEvent, account: Account): string | null {
  switch (event.type) {
    case 'FormerEmailReleased':
      return event.data.emailKey;
    case 'ContactEmailRestored':
      return event.data.refusedEmailKey;
    default:
      return account.status === 'Ended' ? account.emailKey : null;
  }
}
