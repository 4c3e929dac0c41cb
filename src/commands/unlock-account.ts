import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { unlock } from '../domain/account/locks.js';
import { Streams, type CommandContext, type Current } from '../engine/streams.js';

/** An officer ends a lock before its time. */
export class UnlockAccount {
  constructor(
    readonly accountId: string,
    readonly reason: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(UnlockAccount)
export class UnlockAccountHandler implements ICommandHandler<UnlockAccount, Current<unknown>> {
  constructor(private readonly streams: Streams) {}

  /** Throws `AccountUnknown`, `NotLocked`. */
  execute({ accountId, reason, context }: UnlockAccount): Promise<Current<unknown>> {
    return this.streams.decide(accountDecider, accountId, unlock(reason), context);
  }
}
