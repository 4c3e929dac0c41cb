import { DomainError } from '../domain-error.js';
import { confirmed, registered } from './confirmed.js';
import { afterDeadlines } from './deadlines.js';
import type { SuspensionCause } from './events.js';
import type { AccountDecision } from './state.js';

/** An officer ends a lock before its time. A disabled password stays disabled until it is reset. */
export const unlock = (reason: string): AccountDecision =>
  afterDeadlines((account) => {
    if (registered(account).lock === null) {
      throw new DomainError('NotLocked', 'This account is not locked.');
    }
    return [{ type: 'AccountUnlocked', data: { reason } }];
  });

export const suspend = (suspensionId: string, cause: SuspensionCause, reason: string): AccountDecision =>
  afterDeadlines((account) => {
    if (confirmed(account).suspensions.some((held) => held.cause === cause)) {
      throw new DomainError('AlreadySuspended', 'This account is suspended for this cause already.');
    }
    return [{ type: 'AccountSuspended', data: { suspensionId, cause, reason } }];
  });

/** Lifts one suspension; others, with other causes, stay. Without a cause there must be exactly one. */
export const reinstate = (cause: SuspensionCause | null, reason: string): AccountDecision =>
  afterDeadlines((account) => {
    const { suspensions } = registered(account);
    const meant = cause === null ? suspensions : suspensions.filter((held) => held.cause === cause);
    const [suspension, ...others] = meant;
    if (!suspension) throw new DomainError('NotSuspended', 'This account is not suspended for this cause.');
    if (others.length > 0) {
      throw new DomainError(
        'CauseNeeded',
        'This account is suspended for several causes: name the one to lift.',
      );
    }
    const { id: suspensionId, cause: lifted } = suspension;
    return [{ type: 'AccountReinstated', data: { suspensionId, cause: lifted, reason } }];
  });

export const unblockRecovery = (reason: string): AccountDecision =>
  afterDeadlines((account) => {
    if (registered(account).recovery.blockedSince === null) {
      throw new DomainError('RecoveryNotBlocked', 'Password recovery is not blocked for this account.');
    }
    return [{ type: 'RecoveryUnblocked', data: { reason } }];
  });
