import { afterDeadlines } from './deadlines.js';
import type { PasswordPolicyName, Questions } from './events.js';
import type { AccountDecision } from './state.js';
import { openToOwner, withFreshPassword } from './step-up.js';
import { revokedLink } from './withdrawn.js';

/** Other sessions end: whoever else knew the old password is out. */
export const changePassword = (
  sessionId: string,
  passwordHash: string,
  policy: PasswordPolicyName,
): AccountDecision =>
  // A disabled password is made usable by a reset only.
  withFreshPassword(sessionId, (account, now) => [
    ...revokedLink(openToOwner(account, now), 'PasswordChanged'),
    { type: 'PasswordChanged', data: { passwordHash, policy, session: sessionId } },
  ]);

/** A live reset link dies: a verdict on answers to the former questions must not open it. */
export const changeSecurityQuestions = (questions: Questions): AccountDecision =>
  afterDeadlines((account, now) => [
    ...revokedLink(openToOwner(account, now), 'QuestionsChanged'),
    { type: 'SecurityQuestionsChanged', data: { questions } },
  ]);
