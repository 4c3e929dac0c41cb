import type { LegacyProfile } from '../../domain/legacy-account/record.js';
import { toOwner, type Writer } from './desk.js';
import { pageTrouble } from './help.js';
import type { Letter } from './letter.js';
import { ACE_PORTAL, duration, moment, tradeAccountInWords } from './wording.js';

const companyOf = (company: string): string => (company === '' ? 'your company' : company);

/** The user id is named: nobody else tells it to them. Their name, which somebody else typed, is not. */
export const individualUserInvited = (
  { email, legacyUserId, company }: LegacyProfile,
  kind: string,
  { url, expiresAt, now }: { readonly url: string; readonly expiresAt: number; readonly now: number },
): Letter => ({
  kind,
  to: email,
  subject: `${ACE_PORTAL}: set up your own user account`,
  portal: ACE_PORTAL,
  body: [
    `The Account Owner of a trade account of ${companyOf(company)} created an individual user account for you, in the place of a login that several people share. Its legacy user id is:`,
    legacyUserId,
    'If you expected this, take these steps:',
    {
      steps: [
        'Click on the link below, and set the legacy password of your user id.',
        'If you have no login of your own yet, go to the portal, click “Create an Account”, fill in the requested information, and click “Sign Up”.',
        'Sign in with your own e-mail address and password.',
        'When prompted to Sync Accounts, enter your legacy user id and your legacy password, and click “Sync”.',
      ],
    },
    { link: 'Set your legacy password', url },
    `The link works once, for ${duration(expiresAt - now)}: until ${moment(expiresAt)}. After that, ask the Account Owner for another one.`,
    'Your access ends at once when the Account Owner takes it back. If you did not expect this mail, ignore it.',
    pageTrouble,
  ],
});

/** To an address that nobody has confirmed: without a name. */
export const individualUserRevoked = ({ email, company }: LegacyProfile, at: number): Letter => ({
  kind: 'individual-user-revoked',
  to: email,
  subject: `${ACE_PORTAL}: your individual user account was taken back`,
  portal: ACE_PORTAL,
  body: [
    `On ${moment(at)}, the Account Owner of a trade account of ${companyOf(company)} took the individual user account back that was created for you. Its link and its legacy password do not work any more.`,
    'If you did not expect this, ask the Account Owner.',
  ],
});

export const removedFromTradeAccount: Writer<'RemovedFromTradeAccount'> = ({ data, meta }, account) => [
  {
    kind: 'removed-from-trade-account',
    ...toOwner(account),
    portal: ACE_PORTAL,
    subject: `${ACE_PORTAL}: your access to a trade account was taken away`,
    body: [
      `On ${moment(meta.at)}, the Account Owner of ${tradeAccountInWords(data)} took your access to it away. Your login and your other accounts stay as they are.`,
      'If you did not expect this, ask the Account Owner.',
    ],
  },
];
