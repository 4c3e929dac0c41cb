import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  ownerReplacementDecider,
  type OwnerReplacementDecision,
} from '../domain/owner-replacement/owner-replacement.js';
import { reject, returnToApplicant, startReview } from '../domain/owner-replacement/review.js';
import { submitted } from '../domain/owner-replacement/submission.js';
import { Streams, type CommandContext, type Current } from '../engine/streams.js';
import { Emails } from './emails.js';
import { newOwnerLogin } from './new-owner-login.js';

/** A reviewer takes an application, returns it with reasons, or rejects it. */
export class ReviewOwnerReplacement {
  constructor(
    readonly applicationId: string,
    readonly reviewerId: string,
    readonly act: 'take' | { readonly returnFor: string } | { readonly rejectFor: string },
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(ReviewOwnerReplacement)
export class ReviewOwnerReplacementHandler implements ICommandHandler<
  ReviewOwnerReplacement,
  Current<unknown>
> {
  constructor(
    private readonly streams: Streams,
    private readonly emails: Emails,
  ) {}

  /** Throws `ApplicationUnknown`, `ApplicationClosed`, `OwnApplication`, `ReviewStarted`, `ReviewNotStarted`, `EvidenceMissing`. */
  async execute(command: ReviewOwnerReplacement): Promise<Current<unknown>> {
    const { applicationId, context } = command;
    const decision = await this.decisionFor(command);
    return this.streams.decide(ownerReplacementDecider, applicationId, decision, context);
  }

  private async decisionFor({
    applicationId,
    reviewerId,
    act,
  }: ReviewOwnerReplacement): Promise<OwnerReplacementDecision> {
    if (act !== 'take') {
      return 'returnFor' in act
        ? returnToApplicant(reviewerId, act.returnFor)
        : reject(reviewerId, act.rejectFor);
    }
    const { state } = await this.streams.read(ownerReplacementDecider, applicationId);
    const login = await newOwnerLogin(submitted(state), this.emails, this.streams);
    return startReview(reviewerId, login !== null);
  }
}
