import { v5 as uuidv5 } from 'uuid';
import { accountDecider } from '../domain/account/account.js';
import type { accountEvents } from '../domain/account/events.js';
import { noticeRefused, noticeSent } from '../domain/account/notices.js';
import { resetLinkSent } from '../domain/account/recovery.js';
import type { Account, AccountDecision } from '../domain/account/state.js';
import { LegacyPortalState } from '../commands/legacy-portal-state.js';
import type { MailedLinks } from '../commands/mailed-link.js';
import type { Envelope } from '../engine/envelope.js';
import type { Clock } from '../ports.js';
import type { AccountRecord, Contacts, Writer } from './mail/desk.js';
import type { Letter } from './mail/letter.js';
import { NoticedMails, type NoticedMailsOptions } from './mail/noticed-mails.js';
import { RESET_LINK } from './mail/recovery.js';
import { type MailedType, writers } from './mail/writers.js';

export interface MailsOptions extends NoticedMailsOptions {
  readonly clock: Clock;
  readonly links: Pick<MailedLinks, 'url'>;
  readonly contacts: Contacts;
  readonly resetLinkLifetimeMs: number;
}

/** Mails the owners of accounts. */
export class Mails extends NoticedMails<typeof accountEvents, Account> {
  readonly name = 'mails';
  readonly types: ReadonlySet<string> = new Set(Object.keys(writers));
  private readonly legacyPortal: LegacyPortalState;

  constructor(private readonly options: MailsOptions) {
    super(accountDecider, options);
    this.legacyPortal = new LegacyPortalState(options.streams);
  }

  protected override noticedUpTo(account: Account): number {
    return account.status === 'Registered' ? account.noticedUpTo : Infinity;
  }

  protected override async letters(
    envelope: Envelope,
    accountId: string,
    account: Account,
  ): Promise<readonly Letter[]> {
    if (account.status !== 'Registered') return [];
    const event = envelope as unknown as AccountRecord<MailedType>;
    const { links, contacts, resetLinkLifetimeMs, clock } = this.options;
    const write = writers[event.type] as Writer<MailedType>;
    const legacyPortalIsRetired = await this.legacyPortal.isRetired();
    const now = clock.now();
    return write(event, account, {
      ...{ accountId, links, contacts, resetLinkLifetimeMs, now, legacyPortalIsRetired },
    });
  }

  protected override recorded(
    { eventId, revision, type, data }: Envelope,
    messageId: string | null,
    kinds: ReadonlySet<string>,
  ): AccountDecision {
    if (messageId === null) return noticeRefused(eventId, revision);
    if (type !== 'ResetRequested' || !kinds.has(RESET_LINK)) return noticeSent(eventId, revision, messageId);
    const { resetId } = data as AccountRecord<'ResetRequested'>['data'];
    return resetLinkSent(resetId, messageId, revision, this.options.resetLinkLifetimeMs);
  }

  protected override commandId(eventId: string): string {
    return uuidv5(this.name, eventId);
  }
}
