import { accountDecider } from '../domain/account/account.js';
import { entryOf } from '../domain/legacy-account/claim.js';
import { legacyAccountDecider } from '../domain/legacy-account/legacy-account.js';
import type { Invitation, Open, User } from '../domain/trade-account/trade-account.js';
import type { Streams } from '../engine/streams.js';
import type { Instant } from '../ports.js';

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

export const everybody = ({ users, invitations }: Open): (User | Invitation)[] => [...users, ...invitations];

/** As the account that asks, which owns the trade account, may see the user. */
export async function shownUser(
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
