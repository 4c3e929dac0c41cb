import type { Decision } from '../decider.js';
import type { LegacyTradeAccount } from '../legacy-account/record.js';
import type {
  accountEvents,
  LockCause,
  PasswordPolicyName,
  Questions,
  Role,
  SuspensionCause,
} from './events.js';

/** An account as its events tell it. Locked and suspended are facts side by side, not statuses: each shuts the doors alone. */
export type Account = Unknown | Ended | Registered;

export interface Unknown {
  readonly status: 'Unknown';
}

/** The registration came to nothing, or the person was erased: nothing can happen to it any more. */
export interface Ended {
  readonly status: 'Ended';
  readonly emailKey: string | null;
  /** Missing: it was never synced with one. */
  readonly legacyAccountId?: string;
}

export interface Registered {
  readonly status: 'Registered';
  readonly stage: Stage;
  /** Missing personal values: the person was erased. */
  readonly email: string | undefined;
  readonly emailKey: string;
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
  readonly roles: readonly Role[];
  readonly password: Password | null;
  readonly questions: Questions | undefined;
  readonly failures: Failures;
  readonly lock: Lock | null;
  readonly suspensions: readonly Suspension[];
  readonly sessions: readonly Session[];
  readonly recovery: Recovery;
  readonly emailChange: EmailChange | null;
  /** Replaced addresses that can still be restored, oldest first. */
  readonly formerEmails: readonly FormerEmail[];
  /** Everything up to this revision that calls for a mail has had it. */
  readonly noticedUpTo: number;
  readonly registrationAttemptedAt: number | null;
  /** null: not synced with a legacy account yet. */
  readonly legacy: LegacyLink | null;
  /** Of trade accounts, as far as it was told of them. */
  readonly removals: readonly string[];
}

export interface LegacyLink {
  readonly legacyAccountId: string;
  /** Missing personal values: the person was erased. */
  readonly legacyUserId: string | undefined;
  readonly company: string | undefined;
  readonly tradeAccounts: readonly LegacyTradeAccount[] | undefined;
  readonly asOf: number;
  /** Which telling of the legacy account came over; 0 where that was not recorded. */
  readonly version: number;
  readonly syncedAt: number;
  readonly broughtOver: boolean;
  /** What its owner was told last of the legacy portal's retirement; `retiresAt` is null where that was called off. */
  readonly told: { readonly notice: number; readonly retiresAt: number | null } | null;
}

export type Stage =
  | {
      readonly name: 'Unconfirmed';
      readonly linkId: string;
      readonly expiresAt: number;
      readonly failures: number;
      readonly linkRequestedAt: number;
      readonly linkRequests: number;
    }
  | { readonly name: 'Invited'; readonly linkId: string; readonly expiresAt: number }
  | { readonly name: 'Confirmed' };

export interface Password {
  readonly hash: string | undefined;
  readonly policy: PasswordPolicyName;
  /** Counts the hashes so far: a verdict on an older one says nothing of this one. */
  readonly version: number;
  /** True from 100 failures on, or once its owner disowned it: only a reset makes a usable one. */
  readonly disabled: boolean;
}

export interface Failures {
  readonly inARow: number;
  readonly sinceSuccess: number;
  readonly lastAt: number | null;
  readonly locksSinceSuccess: number;
}

export interface Lock {
  readonly cause: LockCause;
  readonly since: number;
  readonly until: number | null;
  readonly failures: number;
}

export interface Suspension {
  readonly id: string;
  readonly cause: SuspensionCause;
  readonly since: number;
}

export interface Session {
  readonly id: string;
  readonly tokenHash: string;
  readonly startedAt: number;
  readonly seenAt: number;
  readonly passwordAt: number;
  readonly expiresAt: number;
  readonly aal: number;
  readonly agent: string | undefined;
}

export interface Recovery {
  readonly link: ResetLink | null;
  readonly refusals: number;
  readonly blockedSince: number | null;
  readonly declinedAt: number | null;
  /** The latest reset, which its owner may still disown. */
  readonly lastResetId: string | null;
}

export interface ResetLink {
  readonly id: string;
  readonly requestedAt: number;
  readonly requests: number;
  /** null until the first mail went out. */
  readonly expiresAt: number | null;
  readonly refusals: number;
}

export interface EmailChange {
  readonly id: string;
  readonly email: string | undefined;
  readonly emailKey: string;
  readonly held: boolean;
  readonly expiresAt: number;
}

export interface FormerEmail {
  readonly changeId: string;
  readonly email: string | undefined;
  readonly emailKey: string;
  readonly keptUntil: number;
}

export type AccountDecision = Decision<typeof accountEvents, Account>;
