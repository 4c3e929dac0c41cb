import { toOwner, type Writer } from './desk.js';
import { notYou } from './help.js';
import { moment, PORTAL } from './wording.js';

export const passwordChanged: Writer<'PasswordChanged'> = (event, account, desk) => [
  {
    kind: 'password-changed',
    ...toOwner(account),
    subject: `${PORTAL}: your password was changed`,
    body: [
      `On ${moment(event.meta.at)}, the password of your account was changed by somebody who was signed in and knew the old one. All other sessions were ended.`,
      'If it was you, there is nothing that you need to do.',
      notYou(desk.contacts),
    ],
  },
];

export const securityQuestionsChanged: Writer<'SecurityQuestionsChanged'> = (event, account, desk) => [
  {
    kind: 'questions-changed',
    ...toOwner(account),
    subject: `${PORTAL}: your security questions were changed`,
    body: [
      `On ${moment(event.meta.at)}, the security questions of your account, and their answers, were changed by somebody who was signed in and knew the password.`,
      'If it was you, there is nothing that you need to do.',
      `If it was not you, somebody else knows your password. Contact ${desk.contacts.specialistAndFieldOffice} at once: to set a new password you need the answers that were changed.`,
    ],
  },
];
