import { v5 } from 'uuid';
import { entryOf } from '../domain/legacy-account/claim.js';
import {
  legacyAccountDecider,
  type LegacyAccount,
  type LegacyAccountDecision,
} from '../domain/legacy-account/legacy-account.js';
import { legacyNoticeSent, passwordLinkSent } from '../domain/legacy-account/password-link.js';
import { partsOf, type Envelope } from '../engine/envelope.js';
import type { Reaction } from '../engine/projection.js';
import {
  LEGACY_PASSWORD_LINK,
  legacyWriters,
  type LegacyAccountRecord,
  type LegacyMailedType,
  type LegacyWriter,
} from './mail/legacy-passwords.js';
import type { Letter } from './mail/letter.js';
import { Post, type Outcome } from './mail/post.js';
import type { MailsOptions } from './mails.js';

export interface LegacyAccountMailsOptions extends Pick<
  MailsOptions,
  'streams' | 'mailer' | 'clock' | 'links' | 'publicUrl' | 'onRefused'
> {
  readonly linkLifetimeMs: number;
}

const NAMESPACE = '5f0a3f7e-2c57-4d0f-9c0c-6a3cf1f5b7d1';

/** Mails the users of legacy accounts, and records it there: what stands there is never mailed again. */
export class LegacyAccountMails implements Reaction {
  readonly name = 'legacy-account-mails';
  readonly types: ReadonlySet<string> = new Set(Object.keys(legacyWriters));
  private readonly post: Post;

  constructor(private readonly options: LegacyAccountMailsOptions) {
    const { mailer, publicUrl, onRefused } = options;
    this.post = new Post(mailer, publicUrl, onRefused);
  }

  readonly react = async (envelope: Envelope): Promise<void> => {
    const { id } = partsOf(envelope.stream);
    const { state, revision } = await this.options.streams.read(legacyAccountDecider, id);
    if (revision < envelope.revision)
      throw new Error('the legacy account was read as it was before this event');
    if (state.noticedUpTo < envelope.revision) {
      const letters = this.letters(envelope, id, state);
      if (letters.length > 0) await this.record(envelope, id, await this.post.send(envelope, letters));
    }
    this.post.forget(envelope);
  };

  private letters(envelope: Envelope, legacyAccountId: string, state: LegacyAccount): readonly Letter[] {
    const entry = entryOf(state);
    if (entry === null) return [];
    const event = envelope as unknown as LegacyAccountRecord<LegacyMailedType>;
    const { links, linkLifetimeMs, clock } = this.options;
    const write = legacyWriters[event.type] as LegacyWriter<LegacyMailedType>;
    return write(event, state, entry.profile, { legacyAccountId, links, linkLifetimeMs, now: clock.now() });
  }

  private async record(
    envelope: Envelope,
    id: string,
    outcomes: ReadonlyMap<string, Outcome>,
  ): Promise<void> {
    await this.options.streams.decide(legacyAccountDecider, id, this.decision(envelope, outcomes), {
      commandId: v5(envelope.eventId, NAMESPACE),
      actor: { kind: 'system', id: this.name, role: null },
      correlationId: envelope.meta.correlationId,
      causationId: envelope.eventId,
    });
  }

  private decision(envelope: Envelope, outcomes: ReadonlyMap<string, Outcome>): LegacyAccountDecision {
    const { eventId, revision } = envelope;
    const [[kind, outcome] = ['', 'Refused' as const]] = outcomes;
    const messageId = outcome === 'Refused' ? null : this.post.messageId(eventId, kind);
    if (kind !== LEGACY_PASSWORD_LINK || messageId === null) {
      return legacyNoticeSent(eventId, revision, messageId);
    }
    const { linkId } = envelope.data as LegacyAccountRecord<'LegacyPasswordLinkRequested'>['data'];
    return passwordLinkSent(linkId, messageId, revision, this.options.linkLifetimeMs);
  }
}
