/** A screen with one form, which is a client of the API: what it sends is what a program would send. */
export interface Page {
  readonly path: string;
  readonly title: string;
  readonly intro: readonly string[];
  readonly fields: readonly Field[];
  readonly submit: string;
  /** Below the button. */
  readonly links: readonly { readonly href: string; readonly text: string }[];
  /** The screen that a mailed link opens: its token goes along. */
  readonly byLink: boolean;
  readonly call: (form: Form) => ApiCall;
  /** Where the browser goes when all went well. */
  readonly then: string;
}

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'email' | 'password' | 'question';
  readonly autocomplete: string;
  /** Where the API's answer speaks of it. */
  readonly pointer: string;
}

export type Form = Readonly<Record<string, string>>;

export interface ApiCall {
  readonly method: 'POST' | 'DELETE';
  readonly url: string;
  readonly body?: object;
}

export const text = (name: string, label: string, autocomplete: string): Field => ({
  name,
  label,
  type: 'text',
  autocomplete,
  pointer: `/${name}`,
});

export const email = (label: string): Field => ({
  name: 'email',
  label,
  type: 'email',
  autocomplete: 'username',
  pointer: '/email',
});

export const password = (name: string, label: string, autocomplete: string): Field => ({
  name,
  label,
  type: 'password',
  autocomplete,
  pointer: `/${name}`,
});

/** Three questions to choose, each with its answer. */
export const questions: readonly Field[] = [0, 1, 2].flatMap((index) => [
  {
    name: `question${index}`,
    label: `Security question ${index + 1}`,
    type: 'question' as const,
    autocomplete: 'off',
    pointer: `/securityAnswers/${index}/questionId`,
  },
  {
    name: `answer${index}`,
    label: `Answer ${index + 1}`,
    type: 'text' as const,
    autocomplete: 'off',
    pointer: `/securityAnswers/${index}/answer`,
  },
]);

export const answersIn = (form: Form) =>
  [0, 1, 2].map((index) => ({
    questionId: form[`question${index}`] ?? '',
    answer: form[`answer${index}`] ?? '',
  }));
