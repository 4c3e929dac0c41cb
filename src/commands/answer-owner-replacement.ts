import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { linkIsDead } from '../domain/account/registration.js';
import { ownerReplacementDecider } from '../domain/owner-replacement/owner-replacement.js';
import { consent, object } from '../domain/owner-replacement/submission.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { MailedLinks } from './mailed-link.js';

/** The current owner consents or objects, by the link that was mailed to them. They may change their mind while the application is
 *  open. */
export class AnswerOwnerReplacement {
  constructor(
    readonly token: string,
    readonly answer: 'consent' | { readonly objection: string },
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(AnswerOwnerReplacement)
export class AnswerOwnerReplacementHandler implements ICommandHandler<AnswerOwnerReplacement, void> {
  constructor(
    private readonly streams: Streams,
    private readonly links: MailedLinks,
  ) {}

  /** Throws `LinkDead`, `ApplicationClosed`. */
  async execute({ token, answer, context }: AnswerOwnerReplacement): Promise<void> {
    const link = this.links.open([answer === 'consent' ? 'owner-consent' : 'owner-objection'], token);
    if (!link) throw linkIsDead();
    const decision = answer === 'consent' ? consent() : object(answer.objection);
    // The link was made for the application: its id stands where other links have that of an account.
    await this.streams.decide(ownerReplacementDecider, link.accountId, decision, context);
  }
}
