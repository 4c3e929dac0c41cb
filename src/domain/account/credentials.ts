import { confirmed } from './confirmed.js';
import { afterDeadlines } from './deadlines.js';
import type { PasswordPolicyName, Questions } from './events.js';
import { revokedLink } from './recovery.js';
import type { AccountDecision } from './state.js';

/** Other sessions end: whoever else knew the old password is out. */
export const changePassword = (
  sessionId: string,
  passwordHash: string,
  policy: PasswordPolicyName,
): AccountDecision =>
  afterDeadlines((account) => [
    ...revokedLink(confirmed(account), 'PasswordChanged'),
    { type: 'PasswordChanged', data: { passwordHash, policy, session: sessionId } },
  ]);

export const changeSecurityQuestions = (questions: Questions): AccountDecision =>
  afterDeadlines((account) => {
    confirmed(account);
    return [{ type: 'SecurityQuestionsChanged', data: { questions } }];
  });
