import {
  answerMistakes,
  InvalidInput,
  isWeaker,
  lengthOf,
  normalPassword,
  passwordMistakes,
  passwordRules,
  refuseIfAny,
} from '../../../src/domain/account/input-rules.js';
import {
  answersText,
  normalAnswer,
  questionText,
  securityQuestions,
} from '../../../src/domain/account/security-questions.js';

const typed = (password: string, passwordAgain = password) => ({ password, passwordAgain });
const wrongIn = (mistakes: readonly { pointer: string }[]) => mistakes.map(({ pointer }) => pointer);

describe('a password', () => {
  const mistakes = (password: string, again = password, personal: string[] = []) =>
    wrongIn(passwordMistakes(typed(password, again), 'portal-8', personal));

  test('has at least eight characters, of any kind', () => {
    expect(mistakes('7 chars')).toEqual(['/password']);
    expect(mistakes('8  chars')).toEqual([]);
    expect(mistakes('пароль 1')).toEqual([]);
  });
  test('is counted in characters, not in what they are stored as', () => {
    expect(mistakes('🔑🔑🔑🔑')).toEqual(['/password']);
    expect(mistakes('🔑'.repeat(8))).toEqual([]);
    expect(lengthOf('e\u0301')).toBe(2);
    expect(mistakes('e\u0301'.repeat(7))).toEqual(['/password']);
  });
  test('has at least fifteen under the stricter policy', () => {
    expect(wrongIn(passwordMistakes(typed('fourteen chars'), 'nist-800-63b-4', []))).toEqual(['/password']);
    expect(wrongIn(passwordMistakes(typed('fifteen  chars!'), 'nist-800-63b-4', []))).toEqual([]);
  });
  test('is typed twice, the same both times', () => {
    expect(mistakes('a good one', 'a good two')).toEqual(['/passwordAgain']);
    expect(mistakes('caf\u00e9 noir', 'cafe\u0301 noir')).toEqual([]);
  });
  test('is not the address or a name, in any case or form', () => {
    expect(mistakes('ada@example.org', undefined, ['ADA@example.org'])).toEqual(['/password']);
    expect(mistakes('Ren\u00e9e Dupont', undefined, ['Rene\u0301e Dupont'])).toEqual(['/password']);
    expect(mistakes('ada@example.org!', undefined, ['ada@example.org'])).toEqual([]);
  });
  test('is told all its mistakes at once', () => {
    expect(mistakes('short', 'other', ['short'])).toEqual(['/password', '/password', '/passwordAgain']);
  });
  test('is the same in both ways of writing an accent, and keeps case and spaces', () => {
    expect(normalPassword('cafe\u0301')).toBe(normalPassword('caf\u00e9'));
    expect(normalPassword('A b ')).toBe('A b ');
  });
});

describe('the rules shown', () => {
  test('tell the least length that is asked', () => {
    expect(passwordRules('portal-8')).toMatchObject({ lengthMin: 8, lengthMax: 128 });
    expect(passwordRules('nist-800-63b-4').rules[0]).toContain('At least 15 characters');
  });
  test('make a password weaker that was chosen under laxer ones', () => {
    expect(isWeaker('portal-8', 'nist-800-63b-4')).toBe(true);
    expect(isWeaker('nist-800-63b-4', 'portal-8')).toBe(false);
    expect(isWeaker('portal-8', 'portal-8')).toBe(false);
  });
});

describe('security answers', () => {
  const [first, second, third] = securityQuestions.map(({ id }) => id) as [string, string, string];
  const answers = (...given: [string, string][]) =>
    given.map(([questionId, answer]) => ({ questionId, answer }));
  const good = answers([first, 'Rex'], [second, 'Main Street'], [third, 'Acme']);

  test('are three, to three different questions, three different ones', () => {
    expect(answerMistakes(good)).toEqual([]);
  });
  test('are not two, and not four', () => {
    expect(wrongIn(answerMistakes(good.slice(1)))).toEqual(['/securityAnswers']);
    expect(wrongIn(answerMistakes([...good, good[0]!]))).toEqual(['/securityAnswers']);
  });
  test('are to questions from the list', () => {
    const odd = answers([first, 'Rex'], ['constructor', 'Main Street'], [third, 'Acme']);
    expect(wrongIn(answerMistakes(odd))).toEqual(['/securityAnswers/1/questionId']);
  });
  test('are to different questions', () => {
    const twice = answers([first, 'Rex'], [first, 'Main Street'], [third, 'Acme']);
    expect(wrongIn(answerMistakes(twice))).toEqual(['/securityAnswers/1/questionId']);
  });
  test('differ in more than case, spaces and form', () => {
    const same = answers([first, 'Rex'], [second, ' rEX '], [third, '\uff32ex']);
    expect(wrongIn(answerMistakes(same))).toEqual(['/securityAnswers/1/answer', '/securityAnswers/2/answer']);
  });
  test('have three characters or more, spaces around not counted', () => {
    const short = answers([first, 'ab '], [second, '   '], [third, 'abc']);
    expect(wrongIn(answerMistakes(short, '/answers'))).toEqual(['/answers/0/answer', '/answers/1/answer']);
  });
  test('are the same whatever their case, spacing and form', () => {
    expect(normalAnswer('  Ma\u0301in \t STREET ')).toBe(normalAnswer('m\u00e1in street'));
    expect(normalAnswer(normalAnswer('\u2460 İstanbul'))).toBe(normalAnswer('\u2460 İstanbul'));
  });
  test('make one text, in whatever order they come', () => {
    expect(answersText([...good].reverse())).toBe(answersText(good));
  });
  test('make another text for another answer, or with answers exchanged', () => {
    const [a, b, c] = good as [(typeof good)[0], (typeof good)[0], (typeof good)[0]];
    const exchanged = [{ ...a, answer: b.answer }, { ...b, answer: a.answer }, c];
    const run = answers([first, 'a'], [second, 'b\n["x","y"]'], [third, 'c']);
    const texts = [good, exchanged, [a, b], run].map(answersText);
    expect(new Set(texts).size).toBe(4);
    expect(answersText(run).split('\n')).toHaveLength(3);
  });
  test('answer questions that have a text, each its own', () => {
    expect(questionText(first)).toMatch(/\?$/);
    expect(questionText('unheard')).toBeUndefined();
    expect(new Set(securityQuestions.map(({ text }) => text)).size).toBe(securityQuestions.length);
  });
});

test('input without mistakes passes; with some it is refused with all of them', () => {
  expect(() => refuseIfAny([])).not.toThrow();
  const mistakes = [
    { pointer: '/a', detail: 'x' },
    { pointer: '/b', detail: 'y' },
  ];
  expect(() => refuseIfAny(mistakes)).toThrow(new InvalidInput(mistakes));
});
