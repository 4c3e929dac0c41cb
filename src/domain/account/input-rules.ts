import type { PasswordPolicyName } from './events.js';
import {
  ANSWER_LENGTH_MIN,
  normalAnswer,
  questionText,
  SECURITY_ANSWERS,
  type SecurityAnswer,
} from './security-questions.js';

/** What is wrong with one field of the input: a JSON pointer to it, and a sentence. */
export interface Mistake {
  readonly pointer: string;
  readonly detail: string;
}

/** The input cannot be right; nothing was written. All mistakes at once. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  constructor(readonly mistakes: readonly Mistake[]) {
    super(mistakes.map(({ pointer }) => pointer).join(', '));
  }
}

export function refuseIfAny(mistakes: readonly Mistake[]): void {
  if (mistakes.length > 0) throw new InvalidInput(mistakes);
}

export const PASSWORD_LENGTH_MAX = 128;
const lengthMin: Record<PasswordPolicyName, number> = { 'portal-8': 8, 'nist-800-63b-4': 15 };

/** The password as hashed and compared: two ways of typing the same characters are the same password. */
export const normalPassword = (password: string): string => password.normalize('NFC');

export const lengthOf = (text: string): number => [...text].length;

/** The rules as shown on the screen. */
export const passwordRules = (policy: PasswordPolicyName) => ({
  policy,
  lengthMin: lengthMin[policy],
  lengthMax: PASSWORD_LENGTH_MAX,
  rules: [
    `At least ${lengthMin[policy]} characters, at most ${PASSWORD_LENGTH_MAX}: letters, digits, spaces, symbols, in any mixture.`,
    'Not a password that is commonly used or easily guessed.',
    'Not your e-mail address and not your name.',
    'Type it twice, the same both times.',
  ],
});

/** True when a password chosen under `held` no longer meets `required` and must be changed. */
export const isWeaker = (held: PasswordPolicyName, required: PasswordPolicyName): boolean =>
  lengthMin[held] < lengthMin[required];

/** Rules that need no dictionary. `personal`: address and names, which the password may not be. */
export function passwordMistakes(
  input: { readonly password: string; readonly passwordAgain: string },
  policy: PasswordPolicyName,
  personal: readonly string[],
): Mistake[] {
  const password = normalPassword(input.password);
  const mistakes: Mistake[] = [];
  const least = lengthMin[policy];
  if (lengthOf(password) < least) {
    mistakes.push({ pointer: '/password', detail: `must have at least ${least} characters` });
  }
  if (personal.some((word) => normalPassword(word).toLowerCase() === password.toLowerCase())) {
    mistakes.push({ pointer: '/password', detail: 'must not be your e-mail address or your name' });
  }
  if (normalPassword(input.passwordAgain) !== password) {
    mistakes.push({ pointer: '/passwordAgain', detail: 'must be the same password again' });
  }
  return mistakes;
}

/** Three different questions from the list, with three different answers of some length. */
export function answerMistakes(answers: readonly SecurityAnswer[], pointer = '/securityAnswers'): Mistake[] {
  const mistakes: Mistake[] = [];
  if (answers.length !== SECURITY_ANSWERS) {
    return [{ pointer, detail: `must be ${SECURITY_ANSWERS} questions with their answers` }];
  }
  answers.forEach(({ questionId, answer }, index) => {
    const before = answers.slice(0, index);
    const normal = normalAnswer(answer);
    if (questionText(questionId) === undefined) {
      mistakes.push({
        pointer: `${pointer}/${index}/questionId`,
        detail: 'must be a question from the list',
      });
    } else if (before.some((other) => other.questionId === questionId)) {
      mistakes.push({
        pointer: `${pointer}/${index}/questionId`,
        detail: 'must be a different question each time',
      });
    }
    if (lengthOf(normal) < ANSWER_LENGTH_MIN) {
      const detail = `must have at least ${ANSWER_LENGTH_MIN} characters`;
      mistakes.push({ pointer: `${pointer}/${index}/answer`, detail });
    } else if (before.some((other) => normalAnswer(other.answer) === normal)) {
      mistakes.push({
        pointer: `${pointer}/${index}/answer`,
        detail: 'must be a different answer each time',
      });
    }
  });
  return mistakes;
}
