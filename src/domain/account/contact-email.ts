import { DomainError } from '../domain-error.js';
import { afterDeadlines } from './deadlines.js';
import { shutCauses } from './doors.js';
import type { AccountEvent } from './events.js';
import { linkIsShut } from './recovery.js';
import { linkIsDead } from './registration.js';
import type { AccountDecision, FormerEmail, Registered } from './state.js';
import { withFreshPassword } from './step-up.js';
import { revokedLink, withdrawnEmailChange } from './withdrawn.js';

export const FORMER_EMAIL_KEPT_MS = 7 * 24 * 3_600_000;
export const EMAIL_CHANGE_LIFETIME_MS = 48 * 3_600_000;
/** Every former address can be restored: more changes than this have to wait until one is released. */
const FORMER_EMAILS_MAX = 5;

/** `held`: no other account has the new address. Where one has, the change looks the same and waits in vain. The address is claimed
 *  when it confirms. */
export const requestContactEmailChange = (
  sessionId: string,
  change: {
    readonly changeId: string;
    readonly email: string;
    readonly emailKey: string;
    readonly held: boolean;
  },
): AccountDecision =>
  withFreshPassword(sessionId, (account, now) => {
    if (account.emailKey === change.emailKey) {
      throw new DomainError('EmailUnchanged', 'This is your contact e-mail address already.');
    }
    if (account.formerEmails.length >= FORMER_EMAILS_MAX) {
      throw new DomainError(
        'TooManyEmailChanges',
        'You changed your contact e-mail address too often this week.',
      );
    }
    const expiresAt = now + EMAIL_CHANGE_LIFETIME_MS;
    return [
      ...withdrawnEmailChange(account),
      { type: 'ContactEmailChangeRequested', data: { ...change, expiresAt } },
    ];
  });

/** The new address confirms. The former one stays claimed for seven days and can be restored until then. */
export const changeContactEmail = (changeId: string): AccountDecision =>
  afterDeadlines((account, now) => {
    if (account.status !== 'Registered') throw linkIsDead();
    const { emailChange } = account;
    if (emailChange?.id !== changeId || !emailChange.held || emailChange.email === undefined)
      throw linkIsDead();
    // Whoever got in before the doors were shut must not move the account to an address of their own.
    if (shutCauses(account, now).length > 0) throw linkIsShut();
    const { email, emailKey } = emailChange;
    const formerKeptUntil = now + FORMER_EMAIL_KEPT_MS;
    return [
      ...revokedLink(account, 'EmailChanged'),
      {
        type: 'ContactEmailChanged',
        data: { changeId, email, emailKey, formerEmailKey: account.emailKey, formerKeptUntil },
      },
    ];
  });

/** "This wasn't me": takes a change back, asked for or done, with all that came after it. All sessions end, and the password,
 *  which whoever asked for the change knew, is disabled until it is reset. */
export const restoreContactEmail = (changeId: string): AccountDecision =>
  afterDeadlines((account) => {
    if (account.status !== 'Registered') throw linkIsDead();
    const index = account.formerEmails.findIndex((former) => former.changeId === changeId);
    if (index >= 0)
      return restored(account, account.formerEmails[index]!, account.formerEmails.slice(index + 1));
    if (account.emailChange?.id !== changeId || account.email === undefined) throw linkIsDead();
    const { email, emailKey } = account;
    const refusedEmailKey = account.emailChange.emailKey;
    return [
      ...revokedLink(account, 'EmailChanged'),
      { type: 'ContactEmailRestored', data: { changeId, email, emailKey, refusedEmailKey } },
    ];
  });

function restored(account: Registered, former: FormerEmail, later: readonly FormerEmail[]): AccountEvent[] {
  if (former.email === undefined) throw linkIsDead();
  const { changeId, email, emailKey } = former;
  return [
    ...revokedLink(account, 'EmailChanged'),
    ...withdrawnEmailChange(account),
    ...later.map((other): AccountEvent => ({
      type: 'FormerEmailReleased',
      data: { changeId: other.changeId, emailKey: other.emailKey },
    })),
    { type: 'ContactEmailRestored', data: { changeId, email, emailKey, refusedEmailKey: account.emailKey } },
  ];
}
