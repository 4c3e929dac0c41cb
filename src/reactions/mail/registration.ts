import { type Desk, toOwner, type Writer } from './desk.js';
import { forgotYourPassword, pageTrouble } from './help.js';
import type { Letter } from './letter.js';
import type { Registered } from '../../domain/account/state.js';
import { listed, moment, PORTAL, roleNames } from './wording.js';

export const accountRegistered: Writer<'AccountRegistered'> = (event, account, desk) =>
  confirmation(event.data.linkId, event.meta.at, account, desk);

export const confirmationLinkRequested: Writer<'ConfirmationLinkRequested'> = (event, account, desk) =>
  confirmation(event.data.linkId, event.meta.at, account, desk);

function confirmation(linkId: string, askedAt: number, account: Registered, desk: Desk): Letter[] {
  const { stage } = account;
  if (stage.name !== 'Unconfirmed' || stage.linkId !== linkId || desk.now >= stage.expiresAt) return [];
  // Asked for again since: the later event mails the same link.
  if (stage.linkRequestedAt > askedAt) return [];
  return [
    {
      kind: 'confirm',
      to: account.email,
      subject: `${PORTAL}: confirm your e-mail address`,
      body: [
        `On ${moment(askedAt)}, somebody asked for an account of the ${PORTAL} with this e-mail address as the user name.`,
        'If it was you, click on this link and enter the password that you chose:',
        { link: 'Confirm your e-mail address', url: desk.links.url('confirm', desk.accountId, linkId) },
        `The link works until ${moment(stage.expiresAt)}.`,
        'If it was not you, ignore this mail. Without that password nobody can confirm the account, and it ends by itself.',
        pageTrouble,
      ],
    },
  ];
}

export const registrationAttempted: Writer<'RegistrationAttempted'> = (event, account) => {
  const invited = account.stage.name === 'Invited';
  return [
    {
      kind: 'registration-attempted',
      ...toOwner(account),
      subject: `${PORTAL}: somebody tried to register your e-mail address`,
      body: [
        `On ${moment(event.meta.at)}, somebody tried to register this e-mail address. No account was made: you have one already. Nothing about it was changed or told to anybody.`,
        invited
          ? 'If it was you: you were invited to the portal. Click on the link in the invitation that we mailed to you.'
          : `If it was you: sign in. Your user name is this e-mail address. If you do not remember your password: ${forgotYourPassword}`,
        'If it was not you, there is nothing that you need to do.',
      ],
    },
  ];
};

export const staffInvited: Writer<'StaffInvited'> = (event, account, desk) => {
  const { stage } = account;
  const { linkId, role, expiresAt } = event.data;
  if (stage.name !== 'Invited' || stage.linkId !== linkId || desk.now >= stage.expiresAt) return [];
  return [
    {
      kind: 'enrol',
      ...toOwner(account),
      subject: `${PORTAL}: set up your account`,
      body: [
        `On ${moment(event.meta.at)}, you were invited to the ${PORTAL} as ${roleNames[role]}. Your user name is this e-mail address.`,
        'Click on this link and follow the instructions to create a password and to answer three security questions:',
        { link: 'Set up your account', url: desk.links.url('enrol', desk.accountId, linkId) },
        `The link works once, until ${moment(expiresAt)}.`,
        'If you did not expect this mail, do not click on the link.',
        pageTrouble,
      ],
    },
  ];
};

export const roleGranted: Writer<'RoleGranted'> = (event, account, desk) => [
  {
    kind: 'role-granted',
    ...toOwner(account),
    subject: `${PORTAL}: you were given a role`,
    body: [
      `On ${moment(event.meta.at)}, your account was given the role of ${roleNames[event.data.role]}.`,
      ...rolesNow(account),
      notYouExpected(desk),
    ],
  },
];

export const roleRevoked: Writer<'RoleRevoked'> = (event, account, desk) => [
  {
    kind: 'role-revoked',
    ...toOwner(account),
    subject: `${PORTAL}: a role was taken from you`,
    body: [
      `On ${moment(event.meta.at)}, the role of ${roleNames[event.data.role]} was taken from your account. You were signed out everywhere; sign in again to go on.`,
      ...rolesNow(account),
      notYouExpected(desk),
    ],
  },
];

const rolesNow = ({ roles }: Registered): string[] =>
  roles.length === 0 ? [] : [`Your account now has: ${listed(roles.map((role) => roleNames[role]))}.`];

const notYouExpected = ({ contacts }: Desk): string =>
  `If you did not expect this, contact ${contacts.specialistAndFieldOffice}.`;
