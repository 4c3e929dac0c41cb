import {
  answerMistakes,
  normalPassword,
  passwordMistakes,
  refuseIfAny,
  type Mistake,
} from '../domain/account/input-rules.js';
import type { Questions } from '../domain/account/events.js';
import { answersText, type SecurityAnswer } from '../domain/account/security-questions.js';
import { Turns } from '../engine/turns.js';
import type { PasswordJudge, SecretHasher } from '../ports.js';
import type { AccountRules } from './account-rules.js';

/** As many guesses at one account wait for each other; more are turned away before they cost a hash. */
const GUESSES_WAITING_MAX = 1_024;

/** Passwords and answers: their rules, their hashes, and one guess at a time for each account. */
export class SecretChecks {
  private readonly turns = new Turns(GUESSES_WAITING_MAX);

  constructor(
    private readonly hasher: SecretHasher,
    private readonly judge: PasswordJudge,
    private readonly rules: AccountRules,
  ) {}

  /** Guesses with one key (an address's hash, an account) are judged one after the other, so that a limit on them holds. */
  oneAtATime<T>(key: string, work: () => Promise<T>): Promise<T> {
    return this.turns.take(key, work);
  }

  /** Throws `InvalidInput` with every mistake of a new password, and those found elsewhere in the same input. */
  refuseBadPassword(
    input: { readonly password: string; readonly passwordAgain: string },
    personal: readonly (string | undefined)[],
    others: readonly Mistake[] = [],
  ): void {
    const words = personal.filter((word) => word !== undefined && word !== '') as string[];
    const mistakes = passwordMistakes(input, this.rules.passwordPolicy, words);
    const aboutPassword = mistakes.some(({ pointer }) => pointer === '/password');
    if (!aboutPassword && this.judge.isGuessable(normalPassword(input.password), words)) {
      mistakes.push({
        pointer: '/password',
        detail: 'is commonly used or easily guessed: choose another one',
      });
    }
    refuseIfAny([...mistakes, ...others]);
  }

  hashPassword(password: string): Promise<string> {
    return this.hasher.hash(normalPassword(password));
  }

  /** Against no hash it costs the same and is false, so that nobody can tell which accounts exist. */
  verifyPassword(hash: string | undefined, password: string): Promise<boolean> {
    const normal = normalPassword(password);
    return hash === undefined ? this.hasher.verifyDecoy(normal) : this.hasher.verify(hash, normal);
  }

  isOutdated(hash: string): boolean {
    return this.hasher.isOutdated(hash);
  }

  async hashQuestions(answers: readonly SecurityAnswer[]): Promise<Questions> {
    refuseIfAny(answerMistakes(answers));
    return {
      ids: answers.map(({ questionId }) => questionId),
      answersHash: await this.hasher.hash(answersText(answers)),
    };
  }

  /** One verdict on all answers. Other questions than the account's are wrong answers. */
  async verifyAnswers(
    questions: Questions | undefined,
    answers: readonly SecurityAnswer[],
  ): Promise<boolean> {
    const text = answersText(answers);
    return questions ? this.hasher.verify(questions.answersHash, text) : this.hasher.verifyDecoy(text);
  }
}
