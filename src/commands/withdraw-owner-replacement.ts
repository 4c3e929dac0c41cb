import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ownerReplacementDecider } from '../domain/owner-replacement/owner-replacement.js';
import { withdraw } from '../domain/owner-replacement/submission.js';
import { Streams, type CommandContext, type Current } from '../engine/streams.js';

/** The applicant takes an application back. */
export class WithdrawOwnerReplacement {
  constructor(
    readonly applicationId: string,
    readonly accountId: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(WithdrawOwnerReplacement)
export class WithdrawOwnerReplacementHandler implements ICommandHandler<
  WithdrawOwnerReplacement,
  Current<unknown>
> {
  constructor(private readonly streams: Streams) {}

  /** Throws `ApplicationUnknown`, `ApplicationClosed`. */
  execute({ applicationId, accountId, context }: WithdrawOwnerReplacement): Promise<Current<unknown>> {
    return this.streams.decide(ownerReplacementDecider, applicationId, withdraw(accountId), context);
  }
}
