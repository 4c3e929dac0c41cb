import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import type { SuspensionCause } from '../domain/account/events.js';
import { reinstate } from '../domain/account/locks.js';
import { Streams, type CommandContext, type Current } from '../engine/streams.js';

/** An officer lifts one suspension. `cause` may be left out where there is only one. */
export class ReinstateAccount {
  constructor(
    readonly accountId: string,
    readonly cause: SuspensionCause | null,
    readonly reason: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(ReinstateAccount)
export class ReinstateAccountHandler implements ICommandHandler<ReinstateAccount, Current<unknown>> {
  constructor(private readonly streams: Streams) {}

  /** Throws `AccountUnknown`, `NotSuspended`, `CauseNeeded`. */
  execute({ accountId, cause, reason, context }: ReinstateAccount): Promise<Current<unknown>> {
    return this.streams.decide(accountDecider, accountId, reinstate(cause, reason), context);
  }
}
