import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { continueSession } from '../domain/account/sessions.js';
import { Streams, type CommandContext } from '../engine/streams.js';

/** Records that a session is in use, at most every few minutes: without it the session ends as idle. */
export class ContinueSession {
  constructor(
    readonly accountId: string,
    readonly sessionId: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(ContinueSession)
export class ContinueSessionHandler implements ICommandHandler<ContinueSession, void> {
  constructor(private readonly streams: Streams) {}

  async execute({ accountId, sessionId, context }: ContinueSession): Promise<void> {
    await this.streams.decide(accountDecider, accountId, continueSession(sessionId), context);
  }
}
