import { v5 as uuidv5 } from 'uuid';
import { accountDecider } from '../domain/account/account.js';
import { noticeRefused, noticeSent } from '../domain/account/notices.js';
import { resetLinkSent } from '../domain/account/recovery.js';
import type { AccountDecision, Registered } from '../domain/account/state.js';
import { LegacyPortalState } from '../commands/legacy-portal-state.js';
import type { MailedLinks } from '../commands/mailed-link.js';
import { type Envelope, partsOf } from '../engine/envelope.js';
import type { Reaction } from '../engine/projection.js';
import type { Streams } from '../engine/streams.js';
import type { Clock, Mailer, MailRefused } from '../ports.js';
import type { AccountRecord, Contacts, Writer } from './mail/desk.js';
import type { Letter } from './mail/letter.js';
import { Post, type Outcome } from './mail/post.js';
import { RESET_LINK } from './mail/recovery.js';
import { type MailedType, writers } from './mail/writers.js';

export interface MailsOptions {
  readonly streams: Streams;
  readonly mailer: Mailer;
  readonly clock: Clock;
  readonly links: Pick<MailedLinks, 'url'>;
  /** Its host ends the Message-IDs. */
  readonly publicUrl: string;
  readonly contacts: Contacts;
  readonly resetLinkLifetimeMs: number;
  /** Told of each mail that the server refused for good; `kind` says which of the event's mails. */
  readonly onRefused?: (event: Envelope, kind: string, refusal: MailRefused) => void;
}

/** Mails what an event calls for, and records it on the account: what stands there is never mailed again, and what does not is,
 *  with the same Message-ID. Throws what the mailer and the store throw, to be called again. */
export class Mails implements Reaction {
  readonly name = 'mails';
  readonly types: ReadonlySet<string> = new Set(Object.keys(writers));

  private readonly post: Post;
  private readonly legacyPortal: LegacyPortalState;

  constructor(private readonly options: MailsOptions) {
    const { mailer, publicUrl, onRefused } = options;
    this.post = new Post(mailer, publicUrl, onRefused);
    this.legacyPortal = new LegacyPortalState(options.streams);
  }

  readonly react = async (envelope: Envelope): Promise<void> => {
    const event = envelope as unknown as AccountRecord<MailedType>;
    const { id } = partsOf(event.stream);
    const { state, revision } = await this.options.streams.read(accountDecider, id);
    if (revision < event.revision) throw new Error('the account was read as it was before this event');
    if (state.status === 'Registered' && state.noticedUpTo < event.revision) {
      const letters = await this.letters(event, state, id);
      if (letters.length > 0) await this.record(event, id, await this.post.send(envelope, letters));
    }
    this.post.forget(envelope);
  };

  private async letters(
    event: AccountRecord<MailedType>,
    account: Registered,
    accountId: string,
  ): Promise<Letter[]> {
    const { links, contacts, resetLinkLifetimeMs, clock } = this.options;
    const write = writers[event.type] as Writer<MailedType>;
    const legacyPortalIsRetired = await this.legacyPortal.isRetired();
    const now = clock.now();
    const desk = { accountId, links, contacts, resetLinkLifetimeMs, now, legacyPortalIsRetired };
    return write(event, account, desk).filter(({ to }) => to !== undefined);
  }

  private async record(
    event: AccountRecord<MailedType>,
    accountId: string,
    outcomes: ReadonlyMap<string, Outcome>,
  ): Promise<void> {
    await this.options.streams.decide(accountDecider, accountId, this.decision(event, outcomes), {
      commandId: uuidv5(this.name, event.eventId),
      actor: { kind: 'system', id: this.name, role: null },
      correlationId: event.meta.correlationId,
      causationId: event.eventId,
    });
  }

  private decision(
    event: AccountRecord<MailedType>,
    outcomes: ReadonlyMap<string, Outcome>,
  ): AccountDecision {
    const { eventId, revision } = event;
    // Of two mails one may be refused: that is what somebody has to look at.
    if ([...outcomes.values()].includes('Refused')) return noticeRefused(eventId, revision);
    if (event.type === 'ResetRequested' && outcomes.has(RESET_LINK)) {
      const { resetId } = event.data;
      const { resetLinkLifetimeMs } = this.options;
      return resetLinkSent(resetId, this.post.messageId(eventId, RESET_LINK), revision, resetLinkLifetimeMs);
    }
    const [kind = ''] = outcomes.keys();
    return noticeSent(eventId, revision, this.post.messageId(eventId, kind));
  }
}
