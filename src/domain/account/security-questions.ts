/** The questions to choose from. Ids are stored and never change. */
export const securityQuestions = [
  { id: 'first-school', text: 'What was the name of the first school you attended?' },
  { id: 'childhood-street', text: 'On what street did you live when you were ten years old?' },
  { id: 'first-employer', text: 'Who was your first employer?' },
  { id: 'first-journey', text: 'What place did your first journey abroad take you to?' },
  { id: 'childhood-friend', text: 'What was the first name of your best friend as a child?' },
  { id: 'grandparent-town', text: 'In what town did your mother’s parents live?' },
  { id: 'first-vehicle', text: 'What were the make and colour of your first vehicle?' },
  { id: 'favorite-teacher', text: 'What was the last name of your favorite teacher?' },
  { id: 'first-pet', text: 'What was the name of your first pet?' },
  { id: 'first-concert', text: 'What was the first concert or show you went to?' },
  { id: 'nickname', text: 'What nickname did your family give you?' },
  { id: 'first-ship', text: 'What was the name of the first ship or aircraft you travelled on?' },
] as const;

export const SECURITY_ANSWERS = 3;
export const ANSWER_LENGTH_MIN = 3;
export const ANSWER_LENGTH_MAX = 100;

export interface SecurityAnswer {
  readonly questionId: string;
  readonly answer: string;
}

/** What two ways of typing one answer have in common: Unicode form, case and spacing do not matter. */
export const normalAnswer = (answer: string): string =>
  answer.normalize('NFKC').toLowerCase().trim().replace(/\s+/gu, ' ');

/** All three as one text, in the order of their questions, to be hashed as one: no answer can be guessed alone. */
export const answersText = (answers: readonly SecurityAnswer[]): string =>
  answers
    .map(({ questionId, answer }) => JSON.stringify([questionId, normalAnswer(answer)]))
    .sort()
    .join('\n');

export const questionText = (id: string): string | undefined =>
  securityQuestions.find((question) => question.id === id)?.text;
