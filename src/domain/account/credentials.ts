import type { PasswordPolicyName, Questions } from './events.js';
import type { AccountDecision } from './state.js';
import { withFreshPassword } from './step-up.js';
import { revokedLink } from './withdrawn.js';

/** Other sessions end: whoever else knew the old password is out. */
export const changePassword = (
  sessionId: string,
  passwordHash: string,
  policy: PasswordPolicyName,
): AccountDecision =>
  withFreshPassword(sessionId, (account) => [
    ...revokedLink(account, 'PasswordChanged'),
    { type: 'PasswordChanged', data: { passwordHash, policy, session: sessionId } },
  ]);

/** A live reset link dies: a verdict on answers to the former questions must not open it. */
export const changeSecurityQuestions = (sessionId: string, questions: Questions): AccountDecision =>
  withFreshPassword(sessionId, (account) => [
    ...revokedLink(account, 'QuestionsChanged'),
    { type: 'SecurityQuestionsChanged', data: { questions } },
  ]);
