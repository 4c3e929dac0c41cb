import { v5 } from 'uuid';
import { accountDecider } from '../domain/account/account.js';
import { applicationNoticeSent } from '../domain/owner-replacement/notices.js';
import type { ownerReplacementEvents } from '../domain/owner-replacement/events.js';
import {
  ownerReplacementDecider,
  type Application,
  type OwnerReplacement,
  type OwnerReplacementDecision,
} from '../domain/owner-replacement/owner-replacement.js';
import { tradeAccountDecider } from '../domain/trade-account/trade-account.js';
import type { Envelope } from '../engine/envelope.js';
import type { MailedLinks } from '../commands/mailed-link.js';
import type { Letter } from './mail/letter.js';
import { NoticedMails, type NoticedMailsOptions } from './mail/noticed-mails.js';
import type {
  Addressee,
  ReplacementDesk,
  ReplacementRecord,
  ReplacementWriter,
} from './mail/replacement-desk.js';
import { replacementWriters, type ReplacementMailedType } from './mail/replacements.js';
import { tradeAccountInWords } from './mail/wording.js';

export interface OwnerReplacementMailsOptions extends NoticedMailsOptions {
  readonly links: Pick<MailedLinks, 'url'>;
  readonly ownerWaitMs: number;
}

const NAMESPACE = '2c1de3a7-09a1-4b1d-b3ff-6f4f3cb7c1de';

/** Tells those concerned what becomes of an application. */
export class OwnerReplacementMails extends NoticedMails<typeof ownerReplacementEvents, OwnerReplacement> {
  readonly name = 'owner-replacement-mails';
  readonly types: ReadonlySet<string> = new Set(Object.keys(replacementWriters));

  constructor(private readonly options: OwnerReplacementMailsOptions) {
    super(ownerReplacementDecider, options);
  }

  protected override noticedUpTo(state: OwnerReplacement): number {
    return state.status === 'Unknown' ? Infinity : state.noticedUpTo;
  }

  protected override async letters(
    envelope: Envelope,
    applicationId: string,
    state: OwnerReplacement,
  ): Promise<readonly Letter[]> {
    if (state.status === 'Unknown') return [];
    const event = envelope as unknown as ReplacementRecord<ReplacementMailedType>;
    const write = replacementWriters[event.type] as ReplacementWriter<ReplacementMailedType>;
    return write(event, state, await this.desk(applicationId, state));
  }

  protected override recorded(
    { eventId, revision }: Envelope,
    messageId: string | null,
  ): OwnerReplacementDecision {
    return applicationNoticeSent(eventId, revision, messageId);
  }

  protected override commandId(eventId: string): string {
    return v5(eventId, NAMESPACE);
  }

  private async desk(applicationId: string, application: Application): Promise<ReplacementDesk> {
    const { publicUrl, links, ownerWaitMs } = this.options;
    const { applicantId, applicantEmail, from, approvals } = application;
    return {
      ...{ applicationId, publicUrl, links, ownerWaitMs },
      tradeAccount: await this.tradeAccountInWords(application),
      owner: await this.ownerOf(from),
      newOwner: await this.ownerOf(approvals[0]?.to ?? null),
      applicant: applicantId === null ? { to: applicantEmail } : await this.ownerOf(applicantId),
    };
  }

  private async tradeAccountInWords({ tradeAccountId, type, number }: Application): Promise<string> {
    const { state } = await this.streams.read(tradeAccountDecider, tradeAccountId);
    const companyName = state.status === 'Open' ? state.companyName : undefined;
    return tradeAccountInWords({ type, number, companyName });
  }

  private async ownerOf(accountId: string | null): Promise<Addressee> {
    if (accountId === null) return { to: undefined };
    const { state } = await this.streams.read(accountDecider, accountId);
    return state.status === 'Registered' ? { to: state.email, name: state.givenName } : { to: undefined };
  }
}
