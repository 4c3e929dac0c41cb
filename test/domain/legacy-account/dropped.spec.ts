import { legacyAccountDecider } from '../../../src/domain/legacy-account/legacy-account.js';
import type { LegacyTradeAccount } from '../../../src/domain/legacy-account/record.js';
import { storyOf } from '../../support/given.js';
import { changed, claimed, imported, released } from './past.js';

const given = storyOf(legacyAccountDecider);
const on = (...numbers: string[]) => ({
  tradeAccounts: numbers.map((number): LegacyTradeAccount => ({
    type: 'Importer',
    number,
    owner: false,
    permissions: [],
  })),
});
const droppedAfter = (...past: Parameters<typeof given>) =>
  given(...past).state.dropped.map(({ number }) => number);

describe('what a legacy account gives no more', () => {
  test('is remembered from the claim on, however often it changes', () => {
    expect(droppedAfter(imported(on('A-1', 'B-2')), changed(on('B-2')))).toEqual([]);
    expect(droppedAfter(imported(on('A-1', 'B-2')), claimed(), changed(on('B-2')))).toEqual(['A-1']);
    expect(
      droppedAfter(imported(on('A-1', 'B-2')), claimed(), changed(on('B-2')), changed(on('C-3'))),
    ).toEqual(['A-1', 'B-2']);
  });
  test('is none of it any more once it gives it again, in whatever spelling', () => {
    expect(droppedAfter(imported(on('A-1')), claimed(), changed(on()), changed(on('a1')))).toEqual([]);
  });
  test('begins anew with another claim', () => {
    expect(
      droppedAfter(imported(on('A-1')), claimed('one'), changed(on()), released('one'), claimed('two')),
    ).toEqual([]);
  });
});

test('a legacy account counts what was told of it', () => {
  expect(given(imported()).state.entry?.version).toBe(1);
  expect(given(imported(), claimed(), changed({ company: 'Other' })).state.entry?.version).toBe(2);
});
