import { accessDecider } from '../../../src/domain/access/access.js';
import { isSealed } from '../../../src/domain/events.js';
import { storyOf } from '../../support/given.js';

test('what staff looked at is kept, and adds up to nothing', () => {
  const given = storyOf(accessDecider);
  const { state } = given(
    { type: 'AccountChecked', data: { accountId: 'a-1' } },
    { type: 'PersonalDataRevealed', data: { accountId: 'a-1', reason: 'a complaint' } },
    { type: 'HistoryExported', data: {} },
  );
  expect(state).toBeNull();
});

test('the reason for revealing personal data is sealed', () => {
  expect(isSealed(accessDecider.events.PersonalDataRevealed.reason)).toBe(true);
});
