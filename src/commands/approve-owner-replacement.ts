import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../domain/domain-error.js';
import { ownerReplacementDecider, type Application } from '../domain/owner-replacement/owner-replacement.js';
import { approve } from '../domain/owner-replacement/review.js';
import { submitted } from '../domain/owner-replacement/submission.js';
import { Streams, type CommandContext, type Current } from '../engine/streams.js';
import { Emails } from './emails.js';
import { newOwnerLogin } from './new-owner-login.js';
import { ReplacementRules } from './replacement-rules.js';
import { ReplacementSettlement } from './replacement-settlement.js';

/** One of two approvals; with the second one the trade account gets its new owner. */
export class ApproveOwnerReplacement {
  constructor(
    readonly applicationId: string,
    readonly reviewerId: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(ApproveOwnerReplacement)
export class ApproveOwnerReplacementHandler implements ICommandHandler<
  ApproveOwnerReplacement,
  Current<Application>
> {
  constructor(
    private readonly streams: Streams,
    private readonly emails: Emails,
    private readonly settlement: ReplacementSettlement,
    private readonly rules: ReplacementRules,
  ) {}

  /** Throws `ApplicationUnknown`, `ApplicationClosed`, `OwnApplication`, `ReviewNotStarted`, `NewOwnerWithoutLogin`,
   *  `NewOwnerSuspended`, `AlreadyOwner`, `OwnerObjects`, `WaitNotOver`; and `OwnerChanged` where another application came first. */
  async execute(command: ApproveOwnerReplacement): Promise<Current<Application>> {
    const { applicationId, context } = command;
    const decided =
      (await this.streams.done(ownerReplacementDecider, applicationId, context)) ??
      (await this.decide(command));
    const state = await this.settlement.settle(applicationId, context);
    if (state.status === 'Superseded') {
      throw new DomainError('OwnerChanged', 'This trade account has another owner than the one to replace.');
    }
    const { revision, position } = await this.streams.read(ownerReplacementDecider, applicationId);
    return { ...decided, state, revision, position };
  }

  private async decide({ applicationId, reviewerId, context }: ApproveOwnerReplacement) {
    const { state } = await this.streams.read(ownerReplacementDecider, applicationId);
    const login = await newOwnerLogin(submitted(state), this.emails, this.streams);
    const seen = login && { accountId: login.accountId, isSuspended: login.account.suspensions.length > 0 };
    const decision = approve(reviewerId, seen, this.rules.ownerWaitMs);
    return this.streams.decide(ownerReplacementDecider, applicationId, decision, context);
  }
}
