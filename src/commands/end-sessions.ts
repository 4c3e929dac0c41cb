import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { endAllSessions, endSession, signOut } from '../domain/account/sessions.js';
import type { AccountDecision } from '../domain/account/state.js';
import { Streams, type CommandContext } from '../engine/streams.js';

/** Ends sessions of one account: the one in use, another one, or all. `SessionUnknown` for another that is not there. */
export class EndSessions {
  constructor(
    readonly accountId: string,
    readonly which: { readonly current: string } | { readonly other: string } | 'all',
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(EndSessions)
export class EndSessionsHandler implements ICommandHandler<EndSessions, void> {
  constructor(private readonly streams: Streams) {}

  async execute({ accountId, which, context }: EndSessions): Promise<void> {
    await this.streams.decide(accountDecider, accountId, decisionFor(which), context);
  }
}

function decisionFor(which: EndSessions['which']): AccountDecision {
  if (which === 'all') return endAllSessions('EndedByOwner');
  return 'current' in which ? signOut(which.current) : endSession(which.other);
}
