import type { Decider, Decision } from '../decider.js';
import type { PastEvent } from '../events.js';
import { legacyAccountEvents, type SourceRow } from './events.js';

import { withHandoff, withTicket, type Handoff, type HandoffTicket } from './handoffs.js';
import { withLogout, type Logout } from './logouts.js';
import type { LegacyProfile } from './record.js';

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
  /** Ends of such sessions that the legacy portal has not acknowledged, oldest first. */
  readonly logouts: readonly Logout[];
}

export interface LegacyEntry {
  /** null: the legacy portal itself told it. */
  readonly row: SourceRow | null;
  readonly importedAt: number;
  /** Missing values but for the status: the person was erased. */
  readonly profile: Pick<LegacyProfile, 'status'> & Partial<LegacyProfile>;
}

export interface LegacyPassword {
  readonly hash: string | undefined;
  /** Counts the hashes so far: a verdict on an older one says nothing of this one. */
  readonly version: number;
  readonly failuresInARow: number;
  readonly failuresSinceSuccess: number;
  readonly shutsSinceSuccess: number;
  /** No password is compared until then; `until` is null until there is another password. */
  readonly shut: { readonly until: number | null } | null;
}

const noFailures = {
  failuresInARow: 0,
  failuresSinceSuccess: 0,
  shutsSinceSuccess: 0,
  shut: null,
} as const;
const noPassword: LegacyPassword = { hash: undefined, version: 0, ...noFailures };

/** One stream a legacy account, named by a keyed hash of its user id: `legacyAccount-<hash>`. */
export const legacyAccountDecider: Decider<typeof legacyAccountEvents, LegacyAccount> = {
  category: 'legacyAccount',
  events: legacyAccountEvents,
  initial: { entry: null, password: noPassword, claimedBy: null, tickets: [], handoffs: [], logouts: [] },
  evolve(account, event, at) {
    switch (event.type) {
      case 'LegacyAccountImported':
      case 'LegacyAccountChanged':
        return withEntry(account, event.data, at);
      case 'LegacyCredentialRefused':
        return { ...account, password: withFailure(account.password, event.data) };
      case 'LegacyAccountClaimed':
        // Only the right password claims.
        return { ...account, claimedBy: event.data.accountId, password: withoutFailures(account.password) };
      case 'LegacyClaimReleased':
        return account.claimedBy === event.data.accountId ? { ...account, claimedBy: null } : account;
      case 'LegacyHandoffIssued':
        return { ...account, tickets: withTicket(account.tickets, event.data, at) };
      case 'LegacyHandoffRedeemed':
        return withRedeemed(account, event.data.ticketId, at);
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
  const { password } = account;
  return {
    ...account,
    entry: { row, importedAt: at, profile },
    password: password.hash === hash ? password : { ...noPassword, hash, version: password.version + 1 },
  };
}

function withRedeemed(account: LegacyAccount, ticketId: string, at: number): LegacyAccount {
  const ticket = account.tickets.find((other) => other.ticketId === ticketId);
  if (!ticket) return account;
  const tickets = account.tickets.filter((other) => other !== ticket);
  return { ...account, tickets, handoffs: withHandoff(account.handoffs, ticket, at) };
}

const withoutFailures = (password: LegacyPassword): LegacyPassword => ({ ...password, ...noFailures });

function withFailure(
  password: LegacyPassword,
  {
    failures,
    shut,
  }: Extract<PastEvent<typeof legacyAccountEvents>, { type: 'LegacyCredentialRefused' }>['data'],
): LegacyPassword {
  const failuresSinceSuccess = password.failuresSinceSuccess + 1;
  if (!shut) return { ...password, failuresInARow: failures, failuresSinceSuccess };
  const shutsSinceSuccess = password.shutsSinceSuccess + 1;
  const until = shut.until ?? null;
  return { ...password, failuresInARow: 0, failuresSinceSuccess, shutsSinceSuccess, shut: { until } };
}

export type LegacyAccountDecision = Decision<typeof legacyAccountEvents, LegacyAccount>;
