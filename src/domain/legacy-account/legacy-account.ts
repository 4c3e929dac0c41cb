import type { Decider, Decision } from '../decider.js';
import type { PastEvent } from '../events.js';
import { legacyAccountEvents, type SourceRow } from './events.js';
import type { LegacyProfile } from './record.js';

export type LegacyAccount = { readonly status: 'Unknown' } | KnownLegacyAccount;

export interface KnownLegacyAccount {
  readonly status: 'Known';
  /** null: the legacy portal itself told it. */
  readonly row: SourceRow | null;
  readonly importedAt: number;
  /** Missing values but for the status: the person was erased. */
  readonly profile: Pick<LegacyProfile, 'status'> & Partial<LegacyProfile>;
  readonly password: LegacyPassword;
  /** The account that it was, or is being, synced to. */
  readonly claimedBy: string | null;
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

/** One stream a legacy account, named by a keyed hash of its user id: `legacyAccount-<hash>`. */
export const legacyAccountDecider: Decider<typeof legacyAccountEvents, LegacyAccount> = {
  category: 'legacyAccount',
  events: legacyAccountEvents,
  initial: { status: 'Unknown' },
  evolve(account, event, at) {
    switch (event.type) {
      case 'LegacyAccountImported':
      case 'LegacyAccountChanged':
        return withEntry(account, event.data, at);
      case 'LegacyCredentialRefused':
        return account.status === 'Known'
          ? { ...account, password: withFailure(account.password, event.data) }
          : account;
      case 'LegacyAccountClaimed':
        if (account.status !== 'Known') return account;
        // Only the right password claims.
        return { ...account, claimedBy: event.data.accountId, password: withoutFailures(account.password) };
      case 'LegacyClaimReleased':
        if (account.status !== 'Known' || account.claimedBy !== event.data.accountId) return account;
        return { ...account, claimedBy: null };
      default:
        event satisfies never;
        return account;
    }
  },
};

type Entry = Extract<PastEvent<typeof legacyAccountEvents>, { type: 'LegacyAccountImported' }>['data'];

function withEntry(account: LegacyAccount, entry: Entry, at: number): KnownLegacyAccount {
  const { row = null, passwordHash, ...profile } = entry;
  const before = account.status === 'Known' ? account : null;
  const password: LegacyPassword =
    before && before.password.hash === passwordHash
      ? before.password
      : { ...noFailures, hash: passwordHash, version: (before?.password.version ?? 0) + 1 };
  const claimedBy = before?.claimedBy ?? null;
  return { status: 'Known', row, importedAt: at, profile, password, claimedBy };
}

const noFailures = {
  failuresInARow: 0,
  failuresSinceSuccess: 0,
  shutsSinceSuccess: 0,
  shut: null,
} as const;

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
