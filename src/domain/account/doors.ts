import type { ShutCause } from './events.js';
import type { Account, Lock, Registered, ResetLink } from './state.js';

export const isLocked = (account: Registered, now: number): boolean => lockAt(account, now) !== null;

/** The lock that holds at `now`: one whose time is up has ended, recorded or not. */
export function lockAt(account: Registered, now: number): Lock | null {
  const { lock } = account;
  return lock !== null && (lock.until === null || now < lock.until) ? lock : null;
}

/** What keeps a confirmed account's doors shut; none: they are open. Locked and suspended can hold together. */
export function shutCauses(account: Registered, now: number): ShutCause[] {
  const causes: ShutCause[] = [];
  if (isLocked(account, now)) causes.push('Locked');
  if (account.suspensions.length > 0) causes.push('Suspended');
  return causes;
}

/** An account that may be signed in to with the right password: confirmed, neither locked nor suspended, password usable. */
export function opensToPassword(account: Account, now: number): account is Registered {
  return (
    account.status === 'Registered' &&
    account.stage.name === 'Confirmed' &&
    account.password?.hash !== undefined &&
    !account.password.disabled &&
    shutCauses(account, now).length === 0
  );
}

const UNSENT_LINK_KEPT_MS = 24 * 3_600_000;

/** When a reset link dies. One whose mail never went out dies too, so that asking again makes a new one. */
export const resetLinkEndsAt = (link: ResetLink): number =>
  link.expiresAt ?? link.requestedAt + UNSENT_LINK_KEPT_MS;
