import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common';
import { dictionary as english } from '@zxcvbn-ts/language-en';
import { PasswordJudge } from '../ports.js';

/** Scores below this mean fewer than about a million guesses. */
const SCORE_MIN = 2;
/** Matching takes quadratic time, and what is guessable in the first 64 characters of a longer password is not worth it. */
const LENGTH_JUDGED_MAX = 64;

export class ZxcvbnJudge extends PasswordJudge {
  private readonly zxcvbn = new ZxcvbnFactory({
    dictionary: { ...common, ...english },
    graphs: adjacencyGraphs,
  });

  override isGuessable(password: string, personal: readonly string[]): boolean {
    const judged = password.slice(0, LENGTH_JUDGED_MAX);
    return this.zxcvbn.check(judged, [...personal]).score < SCORE_MIN;
  }
}
