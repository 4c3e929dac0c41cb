import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { entryOf } from '../domain/legacy-account/claim.js';
import { legacyAccountDecider } from '../domain/legacy-account/legacy-account.js';
import {
  tradeAccountDecider,
  type Invitation,
  type Open,
  type User,
} from '../domain/trade-account/trade-account.js';
import { ownedBy } from '../domain/trade-account/users.js';
import { Streams } from '../engine/streams.js';
import { BadCursor, type Instant } from '../ports.js';

/** A user of a trade account as its owner may see one. */
export interface ShownUser {
  readonly userId: string;
  /** Pending: created, and not synced yet. */
  readonly state: 'active' | 'pending';
  readonly isOwner: boolean;
  /** null: the person was erased. */
  readonly givenName: string | null;
  readonly familyName: string | null;
  /** Only of those whom the one who asks created: they typed it. The same holds for the legacy user id. */
  readonly email: string | null;
  readonly legacyUserId: string | null;
  readonly permissions: readonly string[];
  readonly since: Instant;
}

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

/** One of them. Throws what `ownedBy` throws; null where there is none. */
export class ShowTradeAccountUser {
  constructor(
    readonly tradeAccountId: string,
    readonly ownerId: string,
    readonly userId: string,
  ) {}
}

const CURSOR = /^[\w-]{1,64}$/;

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

const everybody = ({ users, invitations }: Open): (User | Invitation)[] => [...users, ...invitations];

async function shownUser(
  streams: Streams,
  { owner }: Open,
  user: User | Invitation,
  asks: string,
): Promise<ShownUser> {
  const accountId = 'accountId' in user ? user.accountId : null;
  const invitation = 'accountId' in user ? user.invitation : user;
  const isOwn = invitation?.invitedBy === asks;
  const { userId, permissions } = user;
  const typed = accountId === null || isOwn ? await typedOf(streams, invitation) : null;
  const { givenName = null, familyName = null } = typed ?? (await namesOf(streams, accountId));
  return {
    ...{ userId, permissions, givenName, familyName },
    state: accountId === null ? 'pending' : 'active',
    isOwner: accountId !== null && accountId === owner,
    email: (isOwn && typed?.email) || null,
    legacyUserId: (isOwn && typed?.legacyUserId) || null,
    since: 'accountId' in user ? user.since : user.invitedAt,
  };
}

/** As whoever created the user typed it. */
async function typedOf(streams: Streams, invitation: Invitation | null) {
  if (invitation === null) return null;
  const { state } = await streams.read(legacyAccountDecider, invitation.legacyAccountId);
  return entryOf(state)?.profile ?? null;
}

async function namesOf(
  streams: Streams,
  accountId: string | null,
): Promise<{ givenName?: string; familyName?: string }> {
  if (accountId === null) return {};
  const { state } = await streams.read(accountDecider, accountId);
  if (state.status !== 'Registered') return {};
  const { givenName, familyName } = state;
  return { ...(givenName !== undefined && { givenName }), ...(familyName !== undefined && { familyName }) };
}
