import { v5 } from 'uuid';
import { accountDecider } from '../domain/account/account.js';
import { applicationNoticeSent } from '../domain/owner-replacement/notices.js';
import { ownerReplacementDecider, type Application } from '../domain/owner-replacement/owner-replacement.js';
import { tradeAccountDecider } from '../domain/trade-account/trade-account.js';
import { type Envelope, partsOf } from '../engine/envelope.js';
import type { Reaction } from '../engine/projection.js';
import type { Letter } from './mail/letter.js';
import { Post } from './mail/post.js';
import type {
  Addressee,
  ReplacementDesk,
  ReplacementRecord,
  ReplacementWriter,
} from './mail/replacement-desk.js';
import { replacementWriters, type ReplacementMailedType } from './mail/replacements.js';
import { tradeAccountInWords } from './mail/wording.js';
import type { MailsOptions } from './mails.js';

export interface OwnerReplacementMailsOptions extends Pick<
  MailsOptions,
  'streams' | 'mailer' | 'links' | 'publicUrl' | 'onRefused'
> {
  readonly ownerWaitMs: number;
}

const NAMESPACE = '2c1de3a7-09a1-4b1d-b3ff-6f4f3cb7c1de';

/** Tells those concerned what becomes of an application, and records it there: what stands there is never mailed again. */
export class OwnerReplacementMails implements Reaction {
  readonly name = 'owner-replacement-mails';
  readonly types: ReadonlySet<string> = new Set(Object.keys(replacementWriters));
  private readonly post: Post;

  constructor(private readonly options: OwnerReplacementMailsOptions) {
    const { mailer, publicUrl, onRefused } = options;
    this.post = new Post(mailer, publicUrl, onRefused);
  }

  readonly react = async (envelope: Envelope): Promise<void> => {
    const { id } = partsOf(envelope.stream);
    const { state, revision } = await this.options.streams.read(ownerReplacementDecider, id);
    if (revision < envelope.revision) throw new Error('the application was read as it was before this event');
    if (state.status !== 'Unknown' && state.noticedUpTo < envelope.revision) {
      const letters = await this.letters(envelope, id, state);
      if (letters.length > 0) await this.sendAndRecord(envelope, id, letters);
    }
    this.post.forget(envelope);
  };

  private async letters(envelope: Envelope, applicationId: string, state: Application): Promise<Letter[]> {
    const event = envelope as unknown as ReplacementRecord<ReplacementMailedType>;
    const write = replacementWriters[event.type] as ReplacementWriter<ReplacementMailedType>;
    const letters = write(event, state, await this.desk(applicationId, state));
    return letters.filter(({ to }) => to !== undefined);
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
    const { state } = await this.options.streams.read(tradeAccountDecider, tradeAccountId);
    const companyName = state.status === 'Open' ? state.companyName : undefined;
    return tradeAccountInWords({ type, number, companyName });
  }

  private async ownerOf(accountId: string | null): Promise<Addressee> {
    if (accountId === null) return { to: undefined };
    const { state } = await this.options.streams.read(accountDecider, accountId);
    return state.status === 'Registered' ? { to: state.email, name: state.givenName } : { to: undefined };
  }

  private async sendAndRecord(envelope: Envelope, id: string, letters: readonly Letter[]): Promise<void> {
    const { eventId, revision, meta } = envelope;
    const outcomes = await this.post.send(envelope, letters);
    // Of two mails one may be refused: that is what somebody has to look at.
    const isRefused = [...outcomes.values()].includes('Refused');
    const messageId = isRefused ? null : this.post.messageId(eventId, letters[0]!.kind);
    const decision = applicationNoticeSent(eventId, revision, messageId);
    await this.options.streams.decide(ownerReplacementDecider, id, decision, {
      commandId: v5(eventId, NAMESPACE),
      actor: { kind: 'system', id: this.name, role: null },
      correlationId: meta.correlationId,
      causationId: eventId,
    });
  }
}
