import type { Decider, Decision } from '../decider.js';
import type { PastEvent } from '../events.js';
import { legacyAccountEvents, type SourceRow } from './events.js';
import { normalNumber } from '../trade-account/trade-account.js';
import { withHandoff, withTicket, type Handoff, type HandoffTicket } from './handoffs.js';
import { withLogout, type Logout } from './logouts.js';
import { madeHere, revoked, withLink, type IndividualUser } from './individual-user-state.js';
import {
  chosen,
  imported,
  none,
  noPassword,
  withFailure,
  withoutFailures,
  type LegacyPassword,
} from './password-state.js';
import { withRequest, withSending, type PasswordLink } from './password-link-state.js';
import type { LegacyProfile, LegacyTradeAccount } from './record.js';

export interface LegacyAccount {
  /** null: never imported, and never told of by the legacy portal. */
  readonly entry: LegacyEntry | null;
  readonly password: LegacyPassword;
  /** The account that it was, or is being, synced to. */
  readonly claimedBy: string | null;
  /** Not redeemed yet; some may have expired. */
  readonly tickets: readonly HandoffTicket[];
  /** What tickets opened at the legacy portal in the last day, the newest last. */
  readonly handoffs: readonly Handoff[];
  /** By which its user can set a password now. */
  readonly passwordLink: PasswordLink | null;
  /** When the legacy portal was last asked to reset the password, where it keeps them. */
  readonly resetForwardedAt: number | null;
  /** Events up to this revision have had their mail. */
  readonly noticedUpTo: number;
  /** null: the legacy portal's own, not made here. */
  readonly individual: IndividualUser | null;
  /** Trade accounts that it gave since it was claimed, and gives no more. */
  readonly dropped: readonly TradeAccountName[];
  /** Ends of such sessions that the legacy portal has not acknowledged, oldest first. */
  readonly logouts: readonly Logout[];
}

export type TradeAccountName = Pick<LegacyTradeAccount, 'type' | 'number'>;

export interface LegacyEntry {
  /** null: the legacy portal itself told it. */
  readonly row: SourceRow | null;
  readonly importedAt: number;
  /** Counts what the legacy portal has told of the account so far, from 1. */
  readonly version: number;
  /** Missing values but for the status: the person was erased. */
  readonly profile: Pick<LegacyProfile, 'status'> & Partial<LegacyProfile>;
}

/** One stream a legacy account, named by a keyed hash of its user id: `legacyAccount-<hash>`. */
export const legacyAccountDecider: Decider<typeof legacyAccountEvents, LegacyAccount> = {
  category: 'legacyAccount',
  events: legacyAccountEvents,
  initial: {
    entry: null,
    password: noPassword,
    claimedBy: null,
    tickets: [],
    handoffs: [],
    logouts: [],
    passwordLink: null,
    resetForwardedAt: null,
    noticedUpTo: -1,
    individual: null,
    dropped: [],
  },
  evolve(account, event, at) {
    switch (event.type) {
      case 'LegacyAccountImported':
      case 'LegacyAccountChanged':
        return withEntry(account, event.data, at);
      case 'LegacyCredentialRefused':
        return { ...account, password: withFailure(account.password, event.data) };
      case 'LegacyAccountClaimed':
        // Only the right password claims.
        return {
          ...account,
          claimedBy: event.data.accountId,
          dropped: [],
          password: withoutFailures(account.password),
        };
      case 'LegacyClaimReleased':
        return account.claimedBy === event.data.accountId ? { ...account, claimedBy: null } : account;
      case 'LegacyHandoffIssued':
        return { ...account, tickets: withTicket(account.tickets, event.data, at) };
      case 'LegacyHandoffRedeemed':
        return withRedeemed(account, event.data.ticketId, at);
      case 'LegacyPasswordLinkRequested':
        return {
          ...account,
          passwordLink: withRequest(account.passwordLink, event.data, at),
          individual: withLink(account.individual, event.data.purpose),
        };
      case 'LegacyPasswordLinkSent': {
        const passwordLink = withSending(account.passwordLink, event.data, at);
        return { ...noticed(account, event.data), passwordLink };
      }
      case 'LegacyPasswordLinkExpired':
        return account.passwordLink?.id === event.data.linkId ? { ...account, passwordLink: null } : account;
      case 'LegacyPasswordReset':
        return {
          ...account,
          passwordLink: null,
          password: chosen(account.password, event.data.passwordHash),
        };
      case 'LegacyResetForwarded':
        return { ...account, resetForwardedAt: at };
      case 'LegacyNoticeSent':
      case 'LegacyNoticeRefused':
        return noticed(account, event.data);
      case 'IndividualUserCreated':
        return { ...account, ...madeHere(event.data, at) };
      case 'IndividualUserRevoked':
        return withoutUser(account);
      case 'LegacyLogoutRequested':
      case 'LegacyLogoutAcknowledged':
      case 'LegacyLogoutFailed':
      case 'LegacyLogoutLapsed':
        return { ...account, ...withLogout(account, event, at) };
      default:
        event satisfies never;
        return account;
    }
  },
};

type Past<T> = Extract<PastEvent<typeof legacyAccountEvents>, { type: T }>['data'];

function withEntry(
  account: LegacyAccount,
  data: Past<'LegacyAccountImported' | 'LegacyAccountChanged'>,
  at: number,
): LegacyAccount {
  const { row = null, passwordHash: hash, ...profile } = data;
  const { password, entry, claimedBy } = account;
  const isSame = password.importedHash === hash;
  return {
    ...account,
    entry: { row, importedAt: at, version: (entry?.version ?? 0) + 1, profile },
    dropped: claimedBy === null ? [] : dropped(account, profile.tradeAccounts ?? []),
    password: isSame ? password : imported(password, hash),
    // A link that was asked for before opens nothing that changed since.
    passwordLink: isSame && profile.status === 'Active' ? account.passwordLink : null,
  };
}

function withRedeemed(account: LegacyAccount, ticketId: string, at: number): LegacyAccount {
  const ticket = account.tickets.find((other) => other.ticketId === ticketId);
  if (!ticket) return account;
  const tickets = account.tickets.filter((other) => other !== ticket);
  return { ...account, tickets, handoffs: withHandoff(account.handoffs, ticket, at) };
}

const noticed = (
  account: LegacyAccount,
  { forRevision }: { readonly forRevision: number },
): LegacyAccount => ({
  ...account,
  noticedUpTo: Math.max(account.noticedUpTo, forRevision),
});

const withoutUser = (account: LegacyAccount): LegacyAccount => ({
  ...account,
  entry: account.entry && { ...account.entry, profile: { ...account.entry.profile, status: 'Inactive' } },
  password: none(account.password),
  passwordLink: null,
  individual: revoked(account.individual),
});

function dropped(
  { entry, dropped }: LegacyAccount,
  told: readonly TradeAccountName[],
): readonly TradeAccountName[] {
  const given = new Set(told.map(nameOf));
  const before = [...dropped, ...(entry?.profile.tradeAccounts ?? [])];
  const gone = new Map(before.map((one) => [nameOf(one), { type: one.type, number: one.number }]));
  return [...gone].flatMap(([name, one]) => (given.has(name) ? [] : [one]));
}

const nameOf = ({ type, number }: TradeAccountName): string => `${type} ${normalNumber(number)}`;

export type LegacyAccountDecision = Decision<typeof legacyAccountEvents, LegacyAccount>;
