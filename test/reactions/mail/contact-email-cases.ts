import * as past from '../../domain/account/past.js';
import { T0 } from '../../support/given.js';
import { type Case, FORGOT, SPECIALIST } from './mail-case.js';

const { registered } = past;

export const contactEmailCases: readonly Case[] = [
  [
    'another contact address asked for: the present one is warned first, the new one confirms',
    [registered, past.signedIn('s-1')],
    [past.emailChangeRequested('c-1', 'new')],
    {
      link: ['not-me-email', 'c-1'],
      says: ['to new@example.net', 'which is also your user name', 'This wasn’t me'],
    },
    {
      to: 'new@example.net',
      link: ['confirm-email', 'c-1'],
      says: ['until March 4, 2026 at 09:00 UTC', 'ignore this mail'],
      silentOf: ['Ada', 'example.org'],
      unnamed: true,
    },
  ],
  [
    'another contact address that somebody else holds: the warning looks the same, and the new one gets nothing',
    [registered, past.signedIn('s-1')],
    [past.emailChangeRequested('c-1', 'new', T0, false)],
    {
      link: ['not-me-email', 'c-1'],
      says: ['to new@example.net', 'which is also your user name', 'This wasn’t me'],
    },
  ],
  [
    'a contact address changed: the former one can take it back, the new one learns its new user name',
    [registered, past.emailChangeRequested('c-1', 'new')],
    [past.emailChanged('c-1', 'new', 'key-ada')],
    {
      link: ['not-me-email', 'c-1'],
      says: ['was changed to new@example.net', 'until March 9, 2026 at 09:00 UTC'],
    },
    {
      to: 'new@example.net',
      says: ['It is your user name from now on'],
      silentOf: ['Ada@example.org', 'This wasn’t me'],
    },
  ],
  [
    'a contact address taken back: set a new password',
    [registered, past.emailChangeRequested('c-1', 'new'), past.emailChanged('c-1', 'new', 'key-ada')],
    [
      {
        type: 'ContactEmailRestored',
        data: { changeId: 'c-1', email: 'Ada@example.org', emailKey: 'key-ada', refusedEmailKey: 'key-new' },
      },
    ],
    {
      says: ['We took it back', 'All sessions were ended', 'so we disabled it', FORGOT, SPECIALIST],
      silentOf: ['new@'],
    },
  ],
];
