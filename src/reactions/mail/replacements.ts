import type { OwnerReplacementEvent } from '../../domain/owner-replacement/events.js';
import type { Application } from '../../domain/owner-replacement/owner-replacement.js';
import { letterTo, type ReplacementWriter } from './replacement-desk.js';
import { moment } from './wording.js';

const isOpen = ({ status }: Application): boolean => status === 'Submitted' || status === 'InReview';

const designations = { TAO: 'Trade Account Owner (TAO)', POC: 'Point of Contact (POC)' } as const;

const submitted: ReplacementWriter<'OwnerReplacementSubmitted'> = (event, application, desk) => {
  if (!isOpen(application)) return [];
  const { applicationId, links, owner, ownerWaitMs, tradeAccount } = desk;
  const { newOwner, designation } = application;
  const name = [newOwner?.firstName, newOwner?.middleName, newOwner?.lastName].filter(Boolean).join(' ');
  const as = designation === null ? '' : ` as ${designations[designation]}`;
  return [
    letterTo(owner, 'owner-told', 'somebody applied to replace you as Account Owner', [
      `On ${moment(event.meta.at)}, an application was submitted to make ${name} the Account Owner of ${tradeAccount}${as}, in your place.`,
      'If you agree, say so with this link. The application can then be approved at once:',
      { link: 'I consent', url: links.url('owner-consent', applicationId, 'owner') },
      'If you do not agree, object with this link. Nobody can approve the application after that:',
      { link: 'I object', url: links.url('owner-objection', applicationId, 'owner') },
      `If you do nothing, the application can be approved from ${moment(event.meta.at + ownerWaitMs)} on. You may change your mind until it is decided.`,
    ]),
  ];
};

const invited: ReplacementWriter<'NewOwnerInvited'> = (_event, application, desk) => {
  const to = application.newOwner?.loginId ?? application.newOwner?.email;
  if (!isOpen(application)) return [];
  return [
    letterTo({ to }, 'new-owner-invited', 'you were named as an Account Owner', [
      `An application names you as the new Account Owner of ${desk.tradeAccount}. It can be approved once you have a login.`,
      'Click on this link, “Create an Account” with this e-mail address as your user name, and confirm it:',
      { link: 'Create an Account', url: `${desk.publicUrl}/register` },
      'If you know nothing of this, there is nothing that you need to do.',
    ]),
  ];
};

const objected: ReplacementWriter<'OwnerObjected'> = (event, application, { applicant, tradeAccount }) =>
  isOpen(application) && application.ownerAnswer?.answer === 'Objected'
    ? [
        letterTo(applicant, 'objected', 'the Account Owner objects to your application', [
          `On ${moment(event.meta.at)}, the Account Owner of ${tradeAccount} objected to your application. It cannot be approved unless the Account Owner consents.`,
        ]),
      ]
    : [];

const unchanged = (tradeAccount: string) =>
  `You stay the Account Owner of ${tradeAccount}: the application to replace you`;

const returned: ReplacementWriter<'OwnerReplacementReturned'> = ({ data, meta }, _application, desk) => [
  letterTo(desk.applicant, 'returned', 'your application was returned', [
    `On ${moment(meta.at)}, your application for another Account Owner of ${desk.tradeAccount} was returned for these reasons:`,
    data.reason ?? 'The reasons were erased.',
    'Correct it and submit it again.',
  ]),
  letterTo(desk.owner, 'owner-told-returned', 'the application to replace you was returned', [
    `${unchanged(desk.tradeAccount)} was returned to the applicant on ${moment(meta.at)}. You will be told if it is submitted again.`,
  ]),
];

const rejected: ReplacementWriter<'OwnerReplacementRejected'> = ({ data, meta }, _application, desk) => [
  letterTo(desk.applicant, 'rejected', 'your application was rejected', [
    `On ${moment(meta.at)}, your application for another Account Owner of ${desk.tradeAccount} was rejected for these reasons:`,
    data.reason ?? 'The reasons were erased.',
  ]),
  letterTo(desk.owner, 'owner-told-rejected', 'the application to replace you was rejected', [
    `${unchanged(desk.tradeAccount)} was rejected on ${moment(meta.at)}.`,
  ]),
];

const withdrawn: ReplacementWriter<'OwnerReplacementWithdrawn'> = ({ meta }, _application, desk) => [
  letterTo(desk.owner, 'owner-told-withdrawn', 'the application to replace you was withdrawn', [
    `${unchanged(desk.tradeAccount)} was withdrawn on ${moment(meta.at)}.`,
  ]),
];

const completed: ReplacementWriter<'OwnerReplacementCompleted'> = ({ meta }, _application, desk) => [
  letterTo(desk.owner, 'former-owner', 'you are not the Account Owner any more', [
    `On ${moment(meta.at)}, ${desk.tradeAccount} got another Account Owner. You have no access to it any more, and were signed out everywhere. Your login and your other accounts stay as they are: sign in again to use them.`,
    'If you did not expect this, contact the ACE Application team at once.',
  ]),
  letterTo(desk.newOwner, 'new-owner', 'you are the Account Owner now', [
    `On ${moment(meta.at)}, you became the Account Owner of ${desk.tradeAccount}. Sign in to use it:`,
    { link: 'Sign in', url: `${desk.publicUrl}/sign-in` },
  ]),
];

const superseded: ReplacementWriter<'OwnerReplacementSuperseded'> = ({ meta }, _application, desk) => [
  letterTo(desk.applicant, 'superseded', 'your application came too late', [
    `${desk.tradeAccount} got another Account Owner by another application. Yours was closed on ${moment(meta.at)}. If it is still needed, submit a new one.`,
  ]),
];

/** Every event of an application that calls for a mail. */
export const replacementWriters = {
  OwnerReplacementSubmitted: submitted,
  NewOwnerInvited: invited,
  OwnerObjected: objected,
  OwnerReplacementReturned: returned,
  OwnerReplacementRejected: rejected,
  OwnerReplacementWithdrawn: withdrawn,
  OwnerReplacementCompleted: completed,
  OwnerReplacementSuperseded: superseded,
} satisfies { [T in OwnerReplacementEvent['type']]?: ReplacementWriter<T> };

export type ReplacementMailedType = keyof typeof replacementWriters;
