import { v5 } from 'uuid';
import type { MailedLinks } from '../commands/mailed-link.js';
import { entryOf } from '../domain/legacy-account/claim.js';
import type { legacyAccountEvents } from '../domain/legacy-account/events.js';
import {
  legacyAccountDecider,
  type LegacyAccount,
  type LegacyAccountDecision,
} from '../domain/legacy-account/legacy-account.js';
import { legacyNoticeSent, passwordLinkSent } from '../domain/legacy-account/password-link.js';
import type { Envelope } from '../engine/envelope.js';
import type { Clock } from '../ports.js';
import {
  LEGACY_PASSWORD_LINK,
  legacyWriters,
  type LegacyAccountRecord,
  type LegacyMailedType,
  type LegacyWriter,
} from './mail/legacy-passwords.js';
import type { Letter } from './mail/letter.js';
import { NoticedMails, type NoticedMailsOptions } from './mail/noticed-mails.js';

export interface LegacyAccountMailsOptions extends NoticedMailsOptions {
  readonly clock: Clock;
  readonly links: Pick<MailedLinks, 'url'>;
  readonly linkLifetimeMs: number;
}

const NAMESPACE = '5f0a3f7e-2c57-4d0f-9c0c-6a3cf1f5b7d1';

/** Mails the users of legacy accounts. */
export class LegacyAccountMails extends NoticedMails<typeof legacyAccountEvents, LegacyAccount> {
  readonly name = 'legacy-account-mails';
  readonly types: ReadonlySet<string> = new Set(Object.keys(legacyWriters));

  constructor(private readonly options: LegacyAccountMailsOptions) {
    super(legacyAccountDecider, options);
  }

  protected override noticedUpTo({ noticedUpTo }: LegacyAccount): number {
    return noticedUpTo;
  }

  protected override letters(
    envelope: Envelope,
    legacyAccountId: string,
    state: LegacyAccount,
  ): readonly Letter[] {
    const entry = entryOf(state);
    if (entry === null) return [];
    const event = envelope as unknown as LegacyAccountRecord<LegacyMailedType>;
    const { links, linkLifetimeMs, clock } = this.options;
    const write = legacyWriters[event.type] as LegacyWriter<LegacyMailedType>;
    return write(event, state, entry.profile, { legacyAccountId, links, linkLifetimeMs, now: clock.now() });
  }

  protected override recorded(
    { eventId, revision, data }: Envelope,
    messageId: string | null,
    kinds: ReadonlySet<string>,
  ): LegacyAccountDecision {
    if (!kinds.has(LEGACY_PASSWORD_LINK) || messageId === null) {
      return legacyNoticeSent(eventId, revision, messageId);
    }
    const { linkId } = data as LegacyAccountRecord<'LegacyPasswordLinkRequested'>['data'];
    return passwordLinkSent(linkId, messageId, revision, this.options.linkLifetimeMs);
  }

  protected override commandId(eventId: string): string {
    return v5(eventId, NAMESPACE);
  }
}
