import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { tradeAccountDecider } from '../domain/trade-account/trade-account.js';
import { removeUser } from '../domain/trade-account/users.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import type { Position } from '../ports.js';
import { IndividualUsers } from './individual-users.js';

/** The owner takes a user's access to the trade account away, or takes an individual user back who has not synced yet. */
export class RemoveTradeAccountUser {
  constructor(
    readonly tradeAccountId: string,
    readonly ownerId: string,
    readonly userId: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(RemoveTradeAccountUser)
export class RemoveTradeAccountUserHandler implements ICommandHandler<
  RemoveTradeAccountUser,
  Position | null
> {
  constructor(
    private readonly streams: Streams,
    private readonly users: IndividualUsers,
  ) {}

  /** Throws what `removeUser` throws. */
  async execute(command: RemoveTradeAccountUser): Promise<Position | null> {
    const { tradeAccountId, ownerId: removedBy, userId, context } = command;
    const decision = removeUser({ removalId: context.commandId, userId, removedBy });
    const done = await this.streams.decide(tradeAccountDecider, tradeAccountId, decision, context);
    for (const event of done.events) {
      if (event.type === 'UserRemoved') {
        await this.users.afterRemoval(tradeAccountId, event.data, context);
      }
    }
    return done.position;
  }
}
