import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { bringOver, type LegacyAccess } from '../domain/trade-account/access.js';
import { tradeAccountDecider, type TradeAccount } from '../domain/trade-account/trade-account.js';
import { Streams, type CommandContext, type Current } from '../engine/streams.js';
import { TradeAccounts } from './trade-accounts.js';

/** Brings an account's part in a trade account over from the legacy portal, and opens the trade account where it is new. The same
 *  again changes nothing; one command id serves for all trade accounts of one sync. */
export class OpenTradeAccount {
  constructor(
    readonly input: LegacyAccess,
    readonly context: CommandContext,
  ) {}
}

export interface OpenedTradeAccount extends Current<TradeAccount> {
  readonly tradeAccountId: string;
}

@CommandHandler(OpenTradeAccount)
export class OpenTradeAccountHandler implements ICommandHandler<OpenTradeAccount, OpenedTradeAccount> {
  constructor(
    private readonly streams: Streams,
    private readonly tradeAccounts: TradeAccounts,
  ) {}

  async execute({ input, context }: OpenTradeAccount): Promise<OpenedTradeAccount> {
    const tradeAccountId = this.tradeAccounts.idOf(input.type, input.number);
    const decided = await this.streams.decide(tradeAccountDecider, tradeAccountId, bringOver(input), context);
    return { tradeAccountId, ...decided };
  }
}
