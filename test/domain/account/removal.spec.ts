import { tellOfRemoval } from '../../../src/domain/account/removal.js';
import { accountDecider } from '../../../src/domain/account/account.js';
import type { AccountEventOf } from '../../../src/domain/account/events.js';
import { storyOf } from '../../support/given.js';
import { personErased, registered, removedFromTradeAccount } from './past.js';

const given = storyOf(accountDecider);
const tell = (removalId = 'r-1') =>
  tellOfRemoval((removedFromTradeAccount(removalId) as AccountEventOf<'RemovedFromTradeAccount'>).data);

describe('the news that an Account Owner took access away', () => {
  it('is recorded at the account, once for each time', () => {
    given(registered).when(tell()).then(removedFromTradeAccount()).when(tell()).thenNothing();
    given(registered, removedFromTradeAccount()).when(tell('r-2')).then(removedFromTradeAccount('r-2'));
  });

  it('is for nobody who has no account any more', () => {
    given(registered, personErased).when(tell()).thenNothing();
    given().when(tell()).thenNothing();
  });
});
