import type { Decider, Decision } from '../decider.js';
import type { PastEvent } from '../events.js';
import { withWord, type Word } from './legacy-word.js';
import { tradeAccountEvents, type TradeAccountType } from './events.js';

/** A company's account with customs, of one type. It has one owner, and users with permissions; the owner is one of them. */
export type TradeAccount = { readonly status: 'Unknown' } | Open;

export interface Open {
  readonly status: 'Open';
  readonly type: TradeAccountType;
  /** Missing once the trade account's data key was destroyed. */
  readonly number: string | undefined;
  readonly companyName: string | undefined;
  /** null: the owner has not come over from the legacy portal. */
  readonly owner: string | null;
  /** The applications by which it got another owner. */
  readonly replacements: readonly string[];
  readonly users: readonly User[];
  /** Individual users who were created and have not joined yet. */
  readonly invitations: readonly Invitation[];
  /** Ids of users, and of their accounts, whose access the owner took away: what comes over late gives it back to none of them. */
  readonly removed: readonly string[];
  /** What the owner may do, or could before the legacy portal took it away. */
  readonly ownersPermissions: readonly string[];
  /** Whose word the access of each account rests on, also of those who have none any more. */
  readonly words: readonly Word[];
}

export interface User {
  /** The account's id, or that of the invitation by which it joined. */
  readonly userId: string;
  readonly accountId: string;
  readonly permissions: readonly string[];
  readonly since: number;
  /** null: came over from the legacy portal, or by an application. */
  readonly invitation: Invitation | null;
}

export interface Invitation {
  readonly userId: string;
  readonly legacyAccountId: string;
  readonly emailKey: string;
  readonly invitedBy: string;
  readonly permissions: readonly string[];
  readonly invitedAt: number;
}

/** One stream a trade account: `tradeAccount-<id>`, where the id is made from type and number. */
export const tradeAccountDecider: Decider<typeof tradeAccountEvents, TradeAccount> = {
  category: 'tradeAccount',
  events: tradeAccountEvents,
  initial: { status: 'Unknown' },
  evolve(account, event, at) {
    if (event.type === 'TradeAccountOpened') {
      const { type, number, companyName, owner = null } = event.data;
      const nobody = {
        ...{ replacements: [], users: [], invitations: [], removed: [] },
        ...{ ownersPermissions: [], words: [] },
      };
      return { status: 'Open', type, number, companyName, owner, ...nobody };
    }
    if (account.status !== 'Open') return account;
    const evolved = evolveOpen(account, event, at);
    const owners = evolved.users.find((user) => user.accountId === evolved.owner);
    return owners ? { ...evolved, ownersPermissions: owners.permissions } : evolved;
  },
};

type LaterEvent = Exclude<PastEvent<typeof tradeAccountEvents>, { type: 'TradeAccountOpened' }>;

function evolveOpen(account: Open, event: LaterEvent, at: number): Open {
  switch (event.type) {
    case 'AccountOwnerNamed':
      return { ...account, owner: event.data.owner };
    case 'AccountOwnerReplaced':
      return {
        ...account,
        owner: event.data.to,
        replacements: [...account.replacements, event.data.applicationId],
      };
    case 'UserAccessGranted': {
      const { accountId, permissions, legacyVersion } = event.data;
      const removed = account.removed.filter((id) => id !== accountId);
      const words = withWord(account.words, accountId, legacyVersion);
      return { ...withUser(account, accountId, { permissions }, at), removed, words };
    }
    case 'UserAccessRevoked': {
      const { accountId, legacyVersion } = event.data;
      const users = without(account.users, accountId);
      return { ...account, users, words: withWord(account.words, accountId, legacyVersion) };
    }
    case 'IndividualUserInvited':
      return { ...account, invitations: [...account.invitations, { ...event.data, invitedAt: at }] };
    case 'IndividualUserJoined': {
      const { userId, accountId } = event.data;
      const invitation = invitationOf(account, userId);
      const joined = withUser(account, accountId, { userId, invitation }, at);
      return { ...joined, invitations: withoutInvitation(account, userId) };
    }
    case 'UserRemoved': {
      const { userId, accountId } = event.data;
      const ids = accountId === undefined || accountId === userId ? [userId] : [userId, accountId];
      const removed = [...account.removed.filter((id) => !ids.includes(id)), ...ids];
      return { ...account, invitations: withoutInvitation(account, userId), removed };
    }
    default:
      event satisfies never;
      return account;
  }
}

/** Whoever is a user already stays one since then. */
function withUser(account: Open, accountId: string, change: Partial<User>, at: number): Open {
  const known = account.users.find((user) => user.accountId === accountId);
  const user = known ?? { userId: accountId, accountId, permissions: [], since: at, invitation: null };
  return { ...account, users: [...without(account.users, accountId), { ...user, ...change }] };
}

/** The invitation of a user who has not joined yet. */
export const invitationOf = ({ invitations }: Open, userId: string): Invitation | null =>
  invitations.find((invitation) => invitation.userId === userId) ?? null;

const withoutInvitation = ({ invitations }: Open, userId: string): Invitation[] =>
  invitations.filter((invitation) => invitation.userId !== userId);

const without = (users: readonly User[], accountId: string): User[] =>
  users.filter((user) => user.accountId !== accountId);

/** What the account may do there; null: nothing, it has no access. */
export const permissionsOf = (account: TradeAccount, accountId: string): readonly string[] | null =>
  account.status === 'Open'
    ? (account.users.find((user) => user.accountId === accountId)?.permissions ?? null)
    : null;

export const wordOn = (account: TradeAccount, accountId: string): Word | null =>
  account.status === 'Open' ? (account.words.find((word) => word.accountId === accountId) ?? null) : null;

export type TradeAccountDecision = Decision<typeof tradeAccountEvents, TradeAccount>;

const MEANINGLESS = /[\s-]+/g;

/** What all spellings of one identifier (an EIN, a filer code, a Protest Filer number) have in common. */
export const normalNumber = (number: string): string => number.replace(MEANINGLESS, '').toUpperCase();
