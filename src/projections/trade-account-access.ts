import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import {
  permissionsOf,
  tradeAccountDecider,
  type Open,
  type TradeAccount,
} from '../domain/trade-account/trade-account.js';
import { partsOf } from '../engine/envelope.js';
import type { Projection } from '../engine/projection.js';
import { Streams } from '../engine/streams.js';
import { ReadStore } from '../ports.js';

/** Which accounts have access to which trade accounts: a document for each pair. */
export interface TradeAccountAccess {
  readonly accountId: string;
  readonly tradeAccountId: string;
}

export const tradeAccountAccess: Projection<TradeAccountAccess> = {
  name: 'trade-account-access-1',
  indexes: [],
  types: new Set(['UserAccessGranted', 'UserAccessRevoked']),
  keyOf: ({ data, stream }) => `${data.accountId as string}:${partsOf(stream).id}`,
  fold(_access, { type, data, stream }) {
    if (type === 'UserAccessRevoked') return null;
    return { accountId: data.accountId as string, tradeAccountId: partsOf(stream).id };
  },
};

/** What an account may do in one trade account. */
export interface OwnTradeAccount {
  readonly tradeAccountId: string;
  readonly account: Open;
  readonly permissions: readonly string[];
}

/** The trade accounts of an account, in no order that means anything. Throws `BadCursor`. */
export class ListTradeAccounts {
  constructor(
    readonly accountId: string,
    readonly limit: number,
    readonly cursor?: string,
  ) {}
}

export interface TradeAccountPage {
  readonly tradeAccounts: readonly OwnTradeAccount[];
  readonly next: string | null;
}

@QueryHandler(ListTradeAccounts)
export class ListTradeAccountsHandler implements IQueryHandler<ListTradeAccounts, TradeAccountPage> {
  constructor(
    private readonly views: ReadStore,
    private readonly streams: Streams,
  ) {}

  /** The view says where to look; what stands there is asked of the log: access that was taken away is gone at once. */
  async execute({ accountId, limit, cursor }: ListTradeAccounts): Promise<TradeAccountPage> {
    const page = await this.views.range(tradeAccountAccess.name, {
      field: 'key',
      from: `${accountId}:`,
      // ';' follows ':' in ASCII: every key of this account, and none of another.
      to: `${accountId};`,
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    const ids = page.items.map(({ body }) => (body as TradeAccountAccess).tradeAccountId);
    const accounts = await Promise.all(ids.map((id) => this.streams.read(tradeAccountDecider, id)));
    const tradeAccounts = accounts.flatMap(({ state }, index) => own(ids[index]!, state, accountId));
    return { tradeAccounts, next: page.next };
  }
}

function own(tradeAccountId: string, account: TradeAccount, accountId: string): OwnTradeAccount[] {
  const permissions = permissionsOf(account, accountId);
  return account.status === 'Open' && permissions !== null ? [{ tradeAccountId, account, permissions }] : [];
}
