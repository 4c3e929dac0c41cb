import * as past from '../../domain/account/past.js';
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
];
