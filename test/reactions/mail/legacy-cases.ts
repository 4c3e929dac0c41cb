import * as past from '../../domain/account/past.js';
import { T0 } from '../../support/given.js';
import { FORGOT, SPECIALIST, type Case } from './mail-case.js';

export const legacyCases: readonly Case[] = [
  [
    'a legacy account synced: what came over, what to keep, and what to do if it was somebody else',
    [past.registered, past.signedIn('s-1')],
    [past.legacySynced()],
    {
      says: [
        'synced with your legacy ACE Portal account',
        'may only be used once',
        'keep your legacy user id and password',
        FORGOT,
        SPECIALIST,
      ],
      silentOf: ['ADAOK01', '12-3456789'],
    },
  ],
  [
    'access to a trade account taken away: to which, and who knows why',
    [past.registered],
    [past.removedFromTradeAccount()],
    {
      says: [
        'the Account Owner of the Importer account 12-3456789 (Harbor Imports, Inc.) took your access to it away',
        'Your login and your other accounts stay as they are',
        'ask the Account Owner',
      ],
    },
  ],
  [
    'the retirement of the legacy portal: when, and that nothing has to be done',
    [past.registered, past.legacySynced()],
    [past.retirementNotice(1, T0)],
    {
      says: [
        'The legacy ACE Portal will be retired on March 2, 2026',
        'navigate to the “References” tab',
        'Keep your legacy user id and password until then',
        'You need not do anything',
      ],
      silentOf: ['ADAOK01', '12-3456789'],
    },
  ],
  [
    'a retirement that was called off',
    [past.registered, past.legacySynced(), past.retirementNotice(1, T0)],
    [past.retirementNotice(2)],
    { says: ['that was called off: it remains available', 'You will be told ahead of time'] },
  ],
];
