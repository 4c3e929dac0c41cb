import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { unblockRecovery } from '../domain/account/locks.js';
import { Streams, type CommandContext, type Current } from '../engine/streams.js';

/** An officer allows password recovery again. */
export class UnblockRecovery {
  constructor(
    readonly accountId: string,
    readonly reason: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(UnblockRecovery)
export class UnblockRecoveryHandler implements ICommandHandler<UnblockRecovery, Current<unknown>> {
  constructor(private readonly streams: Streams) {}

  /** Throws `AccountUnknown`, `RecoveryNotBlocked`. */
  execute({ accountId, reason, context }: UnblockRecovery): Promise<Current<unknown>> {
    return this.streams.decide(accountDecider, accountId, unblockRecovery(reason), context);
  }
}
