import { accountDecider } from '../../../src/domain/account/account.js';
import { tellOfRetirement } from '../../../src/domain/account/legacy-retirement.js';
import { DAY, storyOf, T0 } from '../../support/given.js';
import * as past from './past.js';

const given = storyOf(accountDecider);
const DATE = T0 + 20 * DAY;
const synced = [past.registered, past.legacySynced()].flat();

describe('the owner of a synced account is told of the retirement', () => {
  it('once for each notice', () => {
    given(synced)
      .when(tellOfRetirement(1, DATE))
      .then(past.retirementNotice(1, DATE))
      .when(tellOfRetirement(1, DATE))
      .thenNothing()
      .when(tellOfRetirement(2, DATE + DAY))
      .then(past.retirementNotice(2, DATE + DAY))
      .when(tellOfRetirement(1, DATE))
      .thenNothing();
  });

  it('while the account is shut, too', () => {
    given(synced, past.suspended('SecurityConcern'))
      .when(tellOfRetirement(1, DATE))
      .then(past.retirementNotice(1, DATE));
  });

  it('and that it was called off, where it is expected', () => {
    given(synced, past.retirementNotice(1, DATE))
      .when(tellOfRetirement(2, null))
      .then(past.retirementNotice(2));
    given(synced).when(tellOfRetirement(2, null)).thenNothing();
    given(synced, past.retirementNotice(1, DATE), past.retirementNotice(2))
      .when(tellOfRetirement(4, null))
      .thenNothing();
  });

  it.each([
    ['never synced', [past.registered].flat()],
    ['ended', [...synced, past.personErased]],
    ['never was', []],
  ])('not where the account %s', (_what, events) => {
    given(events).when(tellOfRetirement(1, DATE)).thenNothing();
  });
});
