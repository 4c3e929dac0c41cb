import * as past from '../../domain/account/past.js';
import { MINUTE, T0 } from '../../support/given.js';
import { type Case, FORGOT, SPECIALIST } from './mail-case.js';

const { registered } = past;
const lockedFor = (minutes: number) => past.accountLocked('TooManyFailures', 5, T0 + minutes * MINUTE);

export const lockCases: readonly Case[] = [
  [
    'a lock that ends by itself: after how many passwords, for how long, whom to contact',
    [registered],
    [past.locked],
    {
      says: [
        'locked for 15 minutes after 5 incorrect passwords in a row',
        'ends by itself on March 2, 2026 at 09:15 UTC',
        SPECIALIST,
        'double check that your user name is correct',
        'the Duty Officer at 202',
      ],
    },
  ],
  ['a longer lock, in words', [registered], [lockedFor(90)], { says: ['for 1 hour and 30 minutes after'] }],
  [
    'a lock that only an officer ends',
    [registered],
    [past.accountLocked('TooManyFailures', 1)],
    {
      says: ['locked after 1 incorrect password.', 'Only an officer can unlock it', SPECIALIST],
      silentOf: ['by itself on'],
    },
  ],
  [
    'a disabled password: unlock first, then a new one',
    [registered],
    [past.passwordDisabled],
    { says: ['after 100 incorrect passwords since you last signed in', SPECIALIST, FORGOT] },
  ],
  [
    'an unlock: sign in',
    [registered, past.locked],
    [past.unlocked],
    { says: ['an officer unlocked your account', 'You can sign in with your password', FORGOT] },
  ],
  [
    'an unlock of a disabled password: only a new one helps',
    [registered, past.passwordDisabled],
    [past.unlocked],
    { says: ['Your password is disabled', FORGOT], silentOf: ['You can sign in'] },
  ],
  [
    'an unlock while suspended: it stays shut',
    [registered, past.locked, past.suspended('SecurityConcern')],
    [past.unlocked],
    { says: ['The account is suspended because of a security concern'], silentOf: ['You can sign in'] },
  ],
  [
    'a suspension: its cause and whom to contact',
    [registered],
    [past.suspended('CompanyStatus')],
    {
      says: ['suspended due to a change in your company’s CTPAT status', SPECIALIST, 'signed out everywhere'],
    },
  ],
  [
    'a suspension lifted',
    [registered, past.suspended()],
    [past.reinstated('OfficerDecision')],
    { says: ['by decision of an officer was lifted', 'You can sign in with your password'] },
  ],
  [
    'one of two suspensions lifted: it stays shut',
    [registered, past.suspended(), past.suspended('CompanyStatus'), past.locked],
    [past.reinstated('OfficerDecision')],
    {
      says: [
        'by decision of an officer was lifted',
        'The account is suspended due to a change',
        'The account is locked',
      ],
      silentOf: ['You can sign in'],
    },
  ],
];
