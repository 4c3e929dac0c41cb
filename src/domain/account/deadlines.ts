import { lockAt, resetLinkEndsAt } from './doors.js';
import type { AccountEvent } from './events.js';
import { evolve } from './evolve.js';
import type { Account, AccountDecision } from './state.js';

/** What time alone has made true of an account but nobody has recorded yet. */
export function dueEvents(account: Account, now: number): AccountEvent[] {
  if (account.status !== 'Registered') return [];
  const { stage, recovery, emailChange, formerEmails } = account;
  if (stage.name !== 'Confirmed' && now >= stage.expiresAt) {
    return [{ type: 'RegistrationExpired', data: { cause: 'Deadline' } }];
  }
  const due: AccountEvent[] = [];
  if (account.lock !== null && lockAt(account, now) === null) due.push({ type: 'LockExpired', data: {} });
  if (recovery.link !== null && now >= resetLinkEndsAt(recovery.link)) {
    due.push({ type: 'ResetLinkExpired', data: { resetId: recovery.link.id } });
  }
  if (emailChange !== null && now >= emailChange.expiresAt) {
    const { id: changeId, emailKey, held } = emailChange;
    due.push({ type: 'ContactEmailChangeExpired', data: { changeId, emailKey, held } });
  }
  for (const { changeId, emailKey, keptUntil } of formerEmails) {
    if (now >= keptUntil) due.push({ type: 'FormerEmailReleased', data: { changeId, emailKey } });
  }
  return due;
}

/** When the next of them comes due; null when time changes nothing. */
export function nextDeadline(account: Account): number | null {
  if (account.status !== 'Registered') return null;
  const { stage, lock, recovery, emailChange, formerEmails } = account;
  const deadlines = [
    stage.name === 'Confirmed' ? null : stage.expiresAt,
    lock?.until,
    recovery.link && resetLinkEndsAt(recovery.link),
    emailChange?.expiresAt,
    ...formerEmails.map(({ keptUntil }) => keptUntil),
  ].filter((deadline) => deadline !== null && deadline !== undefined);
  return deadlines.length === 0 ? null : Math.min(...deadlines);
}

/** Lets a decision see the account as time has made it, and records what time did together with what it decides. */
export const afterDeadlines =
  (decision: AccountDecision): AccountDecision =>
  (account, now) => {
    const due = dueEvents(account, now);
    const asOfNow = due.reduce((state, event) => evolve(state, event, now), account);
    return [...due, ...decision(asOfNow, now)];
  };

/** What the jobs send: records what came due, and nothing else. */
export const expireDeadlines = (): AccountDecision => afterDeadlines(() => []);
