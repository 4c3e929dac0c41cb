import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import type { SuspensionCause } from '../domain/account/events.js';
import { suspend } from '../domain/account/locks.js';
import { Streams, type CommandContext, type Current } from '../engine/streams.js';
import { Ids } from '../ports.js';

/** An officer shuts an account for a cause. Its sessions end with it. */
export class SuspendAccount {
  constructor(
    readonly accountId: string,
    readonly cause: SuspensionCause,
    readonly reason: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(SuspendAccount)
export class SuspendAccountHandler implements ICommandHandler<SuspendAccount, Current<unknown>> {
  constructor(
    private readonly streams: Streams,
    private readonly ids: Ids,
  ) {}

  /** Throws `AccountUnknown`, `AccountUnconfirmed`, `AlreadySuspended`. */
  execute({ accountId, cause, reason, context }: SuspendAccount): Promise<Current<unknown>> {
    return this.streams.decide(accountDecider, accountId, suspend(this.ids.next(), cause, reason), context);
  }
}
