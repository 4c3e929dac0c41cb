import { inWords } from '../../src/domain/duration.js';

test.each([
  [0, '0 seconds'],
  [-5, '0 seconds'],
  [499, '0 seconds'],
  [1_000, '1 second'],
  [59_999, '1 minute'],
  [15 * 60_000, '15 minutes'],
  [90 * 60_000, '1 hour 30 minutes'],
  [86_400_000, '1 day'],
  [48 * 3_600_000, '2 days'],
  // The two largest that are not zero: what is left is not worth the words.
  [86_400_000 + 3_600_000 + 60_000, '1 day 1 hour'],
  [86_400_000 + 60_000 + 1_000, '1 day 1 minute'],
])('%d ms: %s', (durationMs, words) => {
  expect(inWords(durationMs)).toBe(words);
});
