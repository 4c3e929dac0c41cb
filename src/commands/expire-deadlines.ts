import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { expireDeadlines } from '../domain/account/deadlines.js';
import { Streams, type CommandContext } from '../engine/streams.js';

/** Records what time alone has made true of an account: links, locks and registrations at their end. */
export class ExpireDeadlines {
  constructor(
    readonly accountId: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(ExpireDeadlines)
export class ExpireDeadlinesHandler implements ICommandHandler<ExpireDeadlines, void> {
  constructor(private readonly streams: Streams) {}

  async execute({ accountId, context }: ExpireDeadlines): Promise<void> {
    await this.streams.decide(accountDecider, accountId, expireDeadlines(), context);
  }
}
