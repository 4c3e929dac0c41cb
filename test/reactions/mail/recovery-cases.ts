import * as past from '../../domain/account/past.js';
import { type Case, FORGOT, SPECIALIST } from './mail-case.js';

const { registered } = past;

export const recoveryCases: readonly Case[] = [
  [
    'a reset asked for: the link, for 24 hours, and the questions to come',
    [registered],
    [past.resetRequested('r-1')],
    {
      link: ['reset', 'r-1'],
      says: [
        'Enter the answers to your three security questions',
        'Enter the new password twice',
        'works once, for 24 hours: until March 3, 2026 at 09:00 UTC',
        'only once',
        'ignore this mail',
        'refresh your browser',
      ],
    },
  ],
  [
    'a reset asked for at a shut door: the causes, and no link',
    [registered, past.locked, past.suspended()],
    [past.resetDeclined('Locked', 'Suspended')],
    {
      says: [
        'The lock ends by itself on March 2, 2026 at 09:15 UTC',
        'Your account was suspended by decision of an officer.',
        SPECIALIST,
        'the Duty Officer at 202',
        FORGOT,
      ],
      silentOf: ['Password recovery was blocked'],
    },
  ],
  [
    'a reset asked for while recovery is blocked',
    [registered, past.recoveryBlocked('AnswersRefused', 10)],
    [past.resetDeclined('RecoveryBlocked')],
    { says: ['Password recovery was blocked', SPECIALIST], silentOf: ['Your account was locked'] },
  ],
  [
    'a password reset: this was not me',
    [registered, past.linkSent('r-1')],
    [past.passwordReset('r-1')],
    {
      link: ['not-me-reset', 'r-1'],
      says: ['a new password was set', 'All sessions were ended', 'is not lifted by this'],
    },
  ],
  [
    'a reset disowned: one mail, though recovery is blocked with it',
    [registered, past.linkSent('r-1'), past.passwordReset('r-1')],
    [past.resetRepudiated('r-1'), past.recoveryBlocked('Repudiated', 0)],
    {
      says: [
        'We disabled that password',
        'blocked password recovery',
        SPECIALIST,
        'Change the password of your mailbox',
      ],
    },
  ],
  [
    'recovery blocked by wrong answers',
    [registered],
    [past.recoveryBlocked('AnswersRefused', 10)],
    { says: ['answered incorrectly 10 times', 'You can still sign in', SPECIALIST] },
  ],
  [
    'recovery opened again',
    [registered, past.recoveryBlocked('AnswersRefused', 10)],
    [past.recoveryUnblocked],
    { says: ['opened password recovery for your account again', FORGOT] },
  ],
  [
    'a password changed',
    [registered, past.signedIn('s-1')],
    [past.passwordChanged('s-1')],
    {
      says: ['the password of your account was changed', 'All other sessions were ended', FORGOT, SPECIALIST],
    },
  ],
  [
    'security questions changed',
    [registered, past.signedIn('s-1')],
    [past.questionsChanged],
    { says: ['security questions of your account, and their answers, were changed', SPECIALIST] },
  ],
];
