import * as past from '../../domain/account/past.js';
import { type Case, FORGOT } from './mail-case.js';

const { registered } = past;

export const registrationCases: readonly Case[] = [
  [
    'a registration: the link, which asks for the password chosen, and no word that a stranger typed',
    [],
    [past.unconfirmed],
    {
      link: ['confirm', 'confirm-1'],
      says: [
        'enter the password that you chose',
        'until March 4, 2026 at 09:00 UTC',
        'ignore this mail',
        'clear your cache',
      ],
      silentOf: ['Ada,', 'Lovelace'],
      unnamed: true,
    },
  ],
  [
    'the confirmation link asked for again: the same link',
    [past.unconfirmed],
    [past.confirmationLinkRequested],
    { link: ['confirm', 'confirm-1'], says: ['enter the password that you chose'], unnamed: true },
  ],
  [
    'an attempt to register the address: sign in, or ask for a new password',
    [registered],
    [past.registrationAttempted],
    {
      says: [
        'somebody tried to register this e-mail address',
        'Your user name is this e-mail address',
        FORGOT,
      ],
    },
  ],
  [
    'the same while invited: the invitation counts',
    [past.invited],
    [past.registrationAttempted],
    { to: 'duty@example.org', says: ['Click on the link in the invitation'], silentOf: [FORGOT] },
  ],
  [
    'an invitation of staff: the role and the link',
    [],
    [past.invited],
    {
      to: 'duty@example.org',
      link: ['enrol', 'enrol-1'],
      says: ['as Duty Officer', 'until March 4, 2026 at 09:00 UTC', 'security questions'],
    },
  ],
  [
    'a role given',
    [registered],
    [past.roleGranted('auditor')],
    { says: ['was given the role of auditor', 'Your account now has: auditor'] },
  ],
  [
    'a role taken',
    [registered, past.roleGranted('auditor'), past.roleGranted('specialist')],
    [past.roleRevoked('auditor')],
    {
      says: ['the role of auditor was taken', 'now has: Supply Chain Security Specialist'],
      silentOf: ['now has: auditor'],
    },
  ],
];
