import { isLocked } from '../../domain/account/doors.js';
import { FAILURES_TOTAL_MAX } from '../../domain/account/sign-in.js';
import type { Registered } from '../../domain/account/state.js';
import { type AccountRecord, type Desk, toOwner, type Writer } from './desk.js';
import { checkUserName, contactDutyOfficer, contactSpecialist, forgotYourPassword } from './help.js';
import { duration, moment, PORTAL, suspensionCauses } from './wording.js';

export const accountLocked: Writer<'AccountLocked'> = (event, account, desk) => [
  {
    kind: 'locked',
    ...toOwner(account),
    subject: `${PORTAL}: your account was locked`,
    body: [
      ...whatLocked(event, desk),
      'If you did not enter these passwords, somebody else did. None of them was right.',
      checkUserName,
      contactDutyOfficer(desk.contacts),
    ],
  },
];

function whatLocked({ data, meta }: AccountRecord<'AccountLocked'>, { contacts }: Desk): string[] {
  const { cause, failures, until } = data;
  if (cause === 'PasswordDisabled') {
    return [
      `On ${moment(meta.at)}, your account was locked and its password disabled, after ${FAILURES_TOTAL_MAX} incorrect passwords since you last signed in.`,
      `To have it unlocked, contact ${contacts.specialistAndFieldOffice}. After that you need a new password: ${forgotYourPassword}`,
    ];
  }
  const after = `after ${failures} incorrect ${failures === 1 ? 'password' : 'passwords in a row'}`;
  if (until === undefined) {
    return [
      `On ${moment(meta.at)}, your account was locked ${after}.`,
      `Only an officer can unlock it: contact ${contacts.specialistAndFieldOffice}.`,
    ];
  }
  return [
    `On ${moment(meta.at)}, your account was locked for ${duration(until - meta.at)} ${after}.`,
    `The lock ends by itself on ${moment(until)}. Until then no password is accepted, not even the right one. After that, sign in again, or reset your password: ${forgotYourPassword}`,
    `If you cannot wait, contact ${contacts.specialistAndFieldOffice}.`,
  ];
}

export const accountUnlocked: Writer<'AccountUnlocked'> = (event, account, desk) => [
  {
    kind: 'unlocked',
    ...toOwner(account),
    subject: `${PORTAL}: your account was unlocked`,
    body: [
      `On ${moment(event.meta.at)}, an officer unlocked your account.`,
      ...howToGoOn(account, desk),
      checkUserName,
      contactSpecialist(desk.contacts),
    ],
  },
];

export const accountSuspended: Writer<'AccountSuspended'> = (event, account, desk) => [
  {
    kind: 'suspended',
    ...toOwner(account),
    subject: `${PORTAL}: your account was suspended`,
    body: [
      `On ${moment(event.meta.at)}, your account was suspended ${suspensionCauses[event.data.cause]}.`,
      'Nobody can sign in to it or reset its password until the suspension is lifted. You were signed out everywhere.',
      `To learn more, or to have it lifted, contact ${desk.contacts.specialistAndFieldOffice}.`,
      contactDutyOfficer(desk.contacts),
    ],
  },
];

export const accountReinstated: Writer<'AccountReinstated'> = (event, account, desk) => [
  {
    kind: 'reinstated',
    ...toOwner(account),
    subject: `${PORTAL}: a suspension of your account was lifted`,
    body: [
      `On ${moment(event.meta.at)}, the suspension of your account ${suspensionCauses[event.data.cause]} was lifted.`,
      ...howToGoOn(account, desk),
      checkUserName,
      contactSpecialist(desk.contacts),
    ],
  },
];

/** What else keeps the account shut as it stands now, and what its owner can do next. */
function howToGoOn(account: Registered, { now }: Desk): string[] {
  const shut = [
    ...(isLocked(account, now) ? ['The account is locked, and stays so until that lock ends.'] : []),
    ...account.suspensions.map(
      ({ cause }) =>
        `The account is suspended ${suspensionCauses[cause]}, and stays so until that is lifted.`,
    ),
  ];
  if (account.password?.disabled)
    return [...shut, `Your password is disabled. You need a new one: ${forgotYourPassword}`];
  if (shut.length > 0) return shut;
  return [`You can sign in with your password. If you do not remember it: ${forgotYourPassword}`];
}
