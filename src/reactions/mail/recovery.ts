import { lockAt, resetLinkEndsAt } from '../../domain/account/doors.js';
import type { ShutCause } from '../../domain/account/events.js';
import { causesAgainstReset } from '../../domain/account/recovery.js';
import type { Registered } from '../../domain/account/state.js';
import type { Instant } from '../../ports.js';
import type { Letter } from './letter.js';
import { type Desk, toOwner, type Writer } from './desk.js';
import {
  checkUserName,
  contactDutyOfficer,
  contactSpecialist,
  forgotYourPassword,
  pageTrouble,
} from './help.js';
import { duration, listed, moment, PORTAL, suspensionCauses } from './wording.js';

/** The kind of the one letter that carries a reset link. */
export const RESET_LINK = 'reset';

export const resetRequested: Writer<'ResetRequested'> = (event, account, desk) => {
  const { link } = account.recovery;
  const { resetId } = event.data;
  // Used, revoked, or asked for again since: the later event mails the same link.
  if (link?.id !== resetId || link.requestedAt > event.meta.at || desk.now >= resetLinkEndsAt(link))
    return [];
  const causes = causesAgainstReset(account, desk.now);
  // The door was shut between the click and this mail: no link leaves then.
  if (causes.length > 0) return [declined(event.meta.at, causes, account, desk)];
  const expiresAt = link.expiresAt ?? desk.now + desk.resetLinkLifetimeMs;
  return [
    {
      kind: RESET_LINK,
      ...toOwner(account),
      subject: `${PORTAL}: set a new password`,
      body: [
        `On ${moment(event.meta.at)}, somebody clicked on “Forgot your password?” and entered this e-mail address. If it was you:`,
        {
          steps: [
            'Click on the link below and follow the instructions.',
            'Enter the answers to your three security questions.',
            'Enter the new password twice. Follow the password requirements displayed on the screen.',
          ],
        },
        { link: 'Set a new password', url: desk.links.url('reset', desk.accountId, resetId) },
        `The link works once, for ${duration(expiresAt - desk.now)}: until ${moment(expiresAt)}. It does not work while your account is locked or suspended. Click on “Forgot your password?” only once: clicking again brings the same link.`,
        'If it was not you, ignore this mail. Your password has not changed.',
        pageTrouble,
        contactSpecialist(desk.contacts),
      ],
    },
  ];
};

export const resetRequestDeclined: Writer<'ResetRequestDeclined'> = (event, account, desk) => [
  declined(event.meta.at, event.data.causes, account, desk),
];

function declined(askedAt: number, causes: readonly ShutCause[], account: Registered, desk: Desk): Letter {
  return {
    kind: 'reset-declined',
    ...toOwner(account),
    subject: `${PORTAL}: no new password for now`,
    body: [
      `On ${moment(askedAt)}, somebody clicked on “Forgot your password?” and entered this e-mail address. We send no link to set a new password, for this reason:`,
      ...causes.map((cause) => reason(cause, account, desk.now)),
      `Contact ${desk.contacts.specialistAndFieldOffice}. Once that has ended, ask for a link again: ${forgotYourPassword}`,
      contactDutyOfficer(desk.contacts),
      'If it was not you who asked, ignore this mail. Your password has not changed.',
    ],
  };
}

function reason(cause: ShutCause, account: Registered, now: Instant): string {
  switch (cause) {
    case 'Locked': {
      const until = lockAt(account, now)?.until ?? null;
      const end = until === null ? '' : ` The lock ends by itself on ${moment(until)}.`;
      return `Your account was locked, because an incorrect password was entered too many times.${end}`;
    }
    case 'Suspended': {
      const why = listed(account.suspensions.map((suspension) => suspensionCauses[suspension.cause]));
      return `Your account was suspended${why && ` ${why}`}.`;
    }
    case 'RecoveryBlocked':
      return 'Password recovery was blocked, because the security questions were answered incorrectly too many times, or because you told us that a reset was not yours.';
  }
}

export const passwordReset: Writer<'PasswordReset'> = (event, account, desk) => {
  const { resetId } = event.data;
  // Disowned already, or followed by another reset, whose own notice goes out.
  if (account.recovery.lastResetId !== resetId) return [];
  return [
    {
      kind: 'password-reset',
      ...toOwner(account),
      subject: `${PORTAL}: your password was reset`,
      body: [
        `On ${moment(event.meta.at)}, a new password was set for your account with a link from this mailbox and the answers to your security questions. All sessions were ended.`,
        'If it was you, sign in with the new password. A lock or suspension of your account is not lifted by this.',
        'If it was not you, click on this link at once. It disables that password, ends all sessions and blocks password recovery:',
        { link: 'This wasn’t me', url: desk.links.url('not-me-reset', desk.accountId, resetId) },
        checkUserName,
        contactSpecialist(desk.contacts),
      ],
    },
  ];
};

export const passwordResetRepudiated: Writer<'PasswordResetRepudiated'> = (event, account, desk) => [
  {
    kind: 'reset-repudiated',
    ...toOwner(account),
    subject: `${PORTAL}: the password that was not yours is disabled`,
    body: [
      `On ${moment(event.meta.at)}, you told us that it was not you who reset the password of your account. We disabled that password, ended all sessions, and blocked password recovery.`,
      `Now contact ${desk.contacts.specialistAndFieldOffice}: they can open password recovery for you again.`,
      'Somebody may be reading your e-mail and may know the answers to your security questions. Change the password of your mailbox first.',
      contactDutyOfficer(desk.contacts),
    ],
  },
];

export const recoveryBlocked: Writer<'RecoveryBlocked'> = (event, account, desk) => {
  // The notice of the disowned reset tells it already.
  if (event.data.cause === 'Repudiated') return [];
  return [
    {
      kind: 'recovery-blocked',
      ...toOwner(account),
      subject: `${PORTAL}: password recovery was blocked`,
      body: [
        `On ${moment(event.meta.at)}, password recovery was blocked for your account, after the security questions were answered incorrectly ${event.data.refusals} times.`,
        'You can still sign in with your password.',
        `To have it opened again, contact ${desk.contacts.specialistAndFieldOffice}.`,
        ...watched(desk),
      ],
    },
  ];
};

export const recoveryUnblocked: Writer<'RecoveryUnblocked'> = (event, account, desk) => [
  {
    kind: 'recovery-unblocked',
    ...toOwner(account),
    subject: `${PORTAL}: password recovery is open again`,
    body: [
      `On ${moment(event.meta.at)}, an officer opened password recovery for your account again.`,
      `To set a new password: ${forgotYourPassword}`,
      checkUserName,
      contactSpecialist(desk.contacts),
    ],
  },
];

const watched = ({ contacts }: Desk): string[] => [
  'If it was not you who answered, somebody may be reading your e-mail. Change the password of your mailbox.',
  contactDutyOfficer(contacts),
];
