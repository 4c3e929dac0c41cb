import { type Desk, toOwner, type Writer } from './desk.js';
import { checkUserName, contactSpecialist, forgotYourPassword, pageTrouble } from './help.js';
import type { Block, Letter } from './letter.js';
import { moment, PORTAL } from './wording.js';

/** The present address first: whoever confirms the new one cannot do so before the owner was warned. */
export const contactEmailChangeRequested: Writer<'ContactEmailChangeRequested'> = (event, account, desk) => {
  const { changeId, email, expiresAt, held } = event.data;
  if (account.emailChange?.id !== changeId || desk.now >= expiresAt || email === undefined) return [];
  const warning: Letter = {
    kind: 'email-change-warning',
    ...toOwner(account),
    subject: `${PORTAL}: a change of your contact e-mail address was asked for`,
    body: [
      `On ${moment(event.meta.at)}, somebody who was signed in to your account and knew its password asked to change your contact e-mail address, which is also your user name, to ${email}. It changes as soon as that address is confirmed.`,
      'If it was you, there is nothing that you need to do here.',
      ...notMe(changeId, desk),
    ],
  };
  // Where the address has an account, its owner is told by that account: from here it gets nothing, and the warning is the same.
  if (!held) return [warning];
  const confirmation: Letter = {
    kind: 'email-change-confirm',
    to: email,
    subject: `${PORTAL}: confirm your new e-mail address`,
    body: [
      `On ${moment(event.meta.at)}, somebody asked to make this e-mail address the contact e-mail address and user name of an account of the ${PORTAL}.`,
      'If it was you, click on this link:',
      {
        link: 'Confirm your new e-mail address',
        url: desk.links.url('confirm-email', desk.accountId, changeId),
      },
      `The link works until ${moment(expiresAt)}. Until you click on it, your user name stays as it was.`,
      'If it was not you, ignore this mail.',
      pageTrouble,
    ],
  };
  return [warning, confirmation];
};

export const contactEmailChanged: Writer<'ContactEmailChanged'> = (event, account, desk) => {
  const { changeId, email, formerKeptUntil } = event.data;
  const former = account.formerEmails.find((kept) => kept.changeId === changeId);
  // Taken back, or kept long enough: the link to take it back is dead.
  if (!former || desk.now >= former.keptUntil || email === undefined) return [];
  return [
    {
      kind: 'email-changed-former',
      to: former.email,
      name: account.givenName,
      subject: `${PORTAL}: your contact e-mail address was changed`,
      body: [
        `On ${moment(event.meta.at)}, your contact e-mail address, which is also your user name, was changed to ${email}. Mail about your account goes there from now on.`,
        'If it was you, there is nothing that you need to do.',
        ...notMe(changeId, desk),
        `The link works until ${moment(formerKeptUntil)}.`,
      ],
    },
    {
      kind: 'email-changed',
      to: email,
      name: account.givenName,
      subject: `${PORTAL}: this is your contact e-mail address now`,
      body: [
        `On ${moment(event.meta.at)}, this e-mail address became the contact e-mail address of your account. It is your user name from now on: sign in with it and with your password, which has not changed.`,
        checkUserName,
        contactSpecialist(desk.contacts),
      ],
    },
  ];
};

export const contactEmailRestored: Writer<'ContactEmailRestored'> = (event, account, desk) => [
  {
    kind: 'email-restored',
    to: event.data.email,
    name: account.givenName,
    subject: `${PORTAL}: your contact e-mail address stays as it was`,
    body: [
      `On ${moment(event.meta.at)}, you told us that a change of your contact e-mail address was not yours. We took it back: this address is your contact e-mail address and user name. All sessions were ended.`,
      `Whoever asked for the change knew your password, so we disabled it. To set a new one: ${forgotYourPassword}`,
      checkUserName,
      `Then contact ${desk.contacts.specialistAndFieldOffice}.`,
    ],
  },
];

const notMe = (changeId: string, desk: Desk): Block[] => [
  'If it was not you, click on this link at once. It keeps this address as your contact e-mail address and ends all sessions:',
  { link: 'This wasn’t me', url: desk.links.url('not-me-email', desk.accountId, changeId) },
];
