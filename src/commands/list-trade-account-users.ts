import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { tradeAccountDecider } from '../domain/trade-account/trade-account.js';
import { ownedBy } from '../domain/trade-account/users.js';
import { Streams } from '../engine/streams.js';
import { BadCursor } from '../ports.js';
import { everybody, shownUser, type ShownUser } from './shown-user.js';

/** The users of a trade account, for its owner; in no order that means anything. Throws what `ownedBy` throws, and `BadCursor`. */
export class ListTradeAccountUsers {
  constructor(
    readonly tradeAccountId: string,
    readonly ownerId: string,
    readonly limit: number,
    readonly cursor?: string,
  ) {}
}

export interface TradeAccountUserPage {
  readonly users: readonly ShownUser[];
  readonly next: string | null;
}

/** The id of the last user of the page before. */
const CURSOR = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Asked of the log itself: it knows them all, and who is its owner as of now. */
@QueryHandler(ListTradeAccountUsers)
export class ListTradeAccountUsersHandler implements IQueryHandler<
  ListTradeAccountUsers,
  TradeAccountUserPage
> {
  constructor(private readonly streams: Streams) {}

  async execute({ tradeAccountId, ownerId, limit, cursor = '' }: ListTradeAccountUsers) {
    if (cursor !== '' && !CURSOR.test(cursor)) throw new BadCursor('the cursor is no user id');
    const { state } = await this.streams.read(tradeAccountDecider, tradeAccountId);
    const open = ownedBy(state, ownerId);
    const after = everybody(open)
      .filter(({ userId }) => userId > cursor)
      .sort((a, b) => (a.userId < b.userId ? -1 : 1));
    const shown = after.slice(0, limit).map((each) => shownUser(this.streams, open, each, ownerId));
    const users = await Promise.all(shown);
    return { users, next: after.length > limit ? users.at(-1)!.userId : null };
  }
}
