import { refuseIfAny, type Mistake } from '../account/input-rules.js';
import { DomainError } from '../domain-error.js';
import type { TradeAccountEvent } from './events.js';
import {
  invitationOf,
  permissionsOf,
  type Invitation,
  type Open,
  type TradeAccount,
  type TradeAccountDecision,
} from './trade-account.js';

/** How many individual users of one trade account may be created without having synced. */
export const PENDING_USERS_MAX = 200;

/** The trade account, for its owner alone. Throws `TradeAccountUnknown` for those without access to it, and `NotAccountOwner`. */
export function ownedBy(account: TradeAccount, accountId: string): Open {
  if (account.status !== 'Open' || permissionsOf(account, accountId) === null) {
    throw new DomainError('TradeAccountUnknown', 'There is no such trade account.');
  }
  if (account.owner === accountId) return account;
  throw new DomainError('NotAccountOwner', 'Only the Account Owner may do this.');
}

/** The owner has an individual user created, who may do there what the owner may do, or less. Quiet where this one was invited before,
 *  whatever became of it. Throws `InvalidInput`, `UserPending`, `TooManyPendingUsers`, and what `ownedBy` throws. */
export const inviteUser =
  ({ invitedBy, ...invitation }: Omit<Invitation, 'invitedAt'>): TradeAccountDecision =>
  (account) => {
    const { userId, emailKey, permissions } = invitation;
    if (account.status === 'Open' && wasInvited(account, userId)) return [];
    const open = ownedBy(account, invitedBy);
    refuseIfAny(permissionMistakes(permissions, permissionsOf(open, invitedBy) ?? []));
    if (open.invitations.some((other) => other.emailKey === emailKey)) {
      throw new DomainError(
        'UserPending',
        'A user with this e-mail address was created and has not synced yet.',
      );
    }
    if (open.invitations.length >= PENDING_USERS_MAX) {
      throw new DomainError('TooManyPendingUsers', 'Too many users were created and have not synced yet.');
    }
    const data = { ...invitation, invitedBy, permissions: [...new Set(permissions)].sort() };
    return [{ type: 'IndividualUserInvited', data }];
  };

const wasInvited = (account: Open, userId: string): boolean =>
  invitationOf(account, userId) !== null ||
  account.users.some((user) => user.userId === userId) ||
  account.removed.includes(userId);

const permissionMistakes = (permissions: readonly string[], held: readonly string[]): Mistake[] =>
  permissions.flatMap((permission, index) =>
    held.includes(permission)
      ? []
      : [{ pointer: `/permissions/${index}`, detail: 'must be a permission that you have yourself' }],
  );

/** The individual user synced: the account may do there what the owner said. Nothing where the owner took that back, or it was done
 *  before. What the account could do there before, it still can. */
export const joinByInvitation =
  (userId: string, accountId: string): TradeAccountDecision =>
  (account) => {
    const invitation = account.status === 'Open' ? invitationOf(account, userId) : null;
    if (invitation === null) return [];
    const held = permissionsOf(account, accountId) ?? [];
    const permissions = [...new Set([...held, ...invitation.permissions])].sort();
    return [
      { type: 'IndividualUserJoined', data: { userId, accountId } },
      { type: 'UserAccessGranted', data: { accountId, permissions } },
    ];
  };

export const noSuchUser = () => new DomainError('UserUnknown', 'This trade account has no such user.');

export interface Removal {
  readonly removalId: string;
  readonly userId: string;
  readonly removedBy: string;
}

/** The owner takes a user's access away, or an invitation back: from this append on there is none. Quiet where that was done. Throws
 *  `AccountOwnerStays`, `UserUnknown`, and what `ownedBy` throws. */
export const removeUser =
  (removal: Removal): TradeAccountDecision =>
  (account) => {
    const { userId, removedBy } = removal;
    const open = ownedBy(account, removedBy);
    const invitation = invitationOf(open, userId);
    if (invitation !== null) return [removed(removal, { legacyAccountId: invitation.legacyAccountId })];
    const user = open.users.find((known) => known.userId === userId);
    if (user === undefined) {
      if (open.removed.includes(userId)) return [];
      throw noSuchUser();
    }
    const { accountId } = user;
    if (accountId === open.owner) {
      throw new DomainError('AccountOwnerStays', 'The Account Owner cannot be removed.');
    }
    return [removed(removal, { accountId }), { type: 'UserAccessRevoked', data: { accountId } }];
  };

const removed = (
  removal: Removal,
  whom: { readonly accountId?: string; readonly legacyAccountId?: string },
): TradeAccountEvent => ({ type: 'UserRemoved', data: { ...removal, ...whom } });
