import type { MailedLinks } from '../../commands/mailed-link.js';
import type { LegacyAccountEvent, legacyAccountEvents } from '../../domain/legacy-account/events.js';
import type { LegacyAccount } from '../../domain/legacy-account/legacy-account.js';
import { passwordLinkEndsAt } from '../../domain/legacy-account/password-link.js';
import type { PasswordLinkPurpose } from '../../domain/legacy-account/password-link-events.js';
import type { LegacyProfile } from '../../domain/legacy-account/record.js';
import type { Recorded } from '../../engine/projection.js';
import type { Instant } from '../../ports.js';
import { pageTrouble } from './help.js';
import { individualUserInvited, individualUserRevoked } from './individual-users.js';
import type { Letter } from './letter.js';
import { ACE_PORTAL, duration, moment } from './wording.js';

/** The kind of the one letter that carries a link. */
export const LEGACY_PASSWORD_LINK = 'legacy-password-link';

/** What letters to the user of a legacy account are written with. */
export interface LegacyDesk {
  readonly legacyAccountId: string;
  readonly links: Pick<MailedLinks, 'url'>;
  readonly linkLifetimeMs: number;
  readonly now: Instant;
}

export type LegacyAccountRecord<T extends LegacyAccountEvent['type'] = LegacyAccountEvent['type']> = Extract<
  Recorded<typeof legacyAccountEvents>,
  { type: T }
>;

/** The letters that an event calls for, as the legacy account stands now; none when the situation has passed. */
export type LegacyWriter<T extends LegacyAccountEvent['type']> = (
  event: LegacyAccountRecord<T>,
  account: LegacyAccount,
  profile: LegacyProfile,
  desk: LegacyDesk,
) => readonly Letter[];

/** Only ever to the address that the directory has on file. */
const toUser = ({ email, givenName }: LegacyProfile): Pick<Letter, 'to' | 'name'> => ({
  to: email,
  name: givenName,
});

const asked: Record<PasswordLinkPurpose, (at: string) => string> = {
  Reset: (at) =>
    `On ${at}, the ACE Service Desk was asked for a password reset of your legacy ${ACE_PORTAL} account, and sends you this link. If it was you who asked:`,
  SetUp: (at) =>
    `On ${at}, an Account Owner created an individual legacy ${ACE_PORTAL} user account for you, which has no password yet. If you expected it:`,
};

const ifNotYou: Record<PasswordLinkPurpose, string> = {
  Reset:
    'If it was not you, ignore this mail: your password has not changed. Please tell the ACE Service Desk that somebody asked in your name.',
  SetUp: 'If you did not expect it, ignore this mail. Please tell the ACE Service Desk if it comes again.',
};

const subjects: Record<PasswordLinkPurpose, string> = {
  Reset: 'set a new password for your legacy account',
  SetUp: 'set the password of your legacy account',
};

/** The user id is not named: whoever has only this mail has not got what a sync needs. */
const linkRequested: LegacyWriter<'LegacyPasswordLinkRequested'> = (event, account, profile, desk) => {
  const link = account.passwordLink;
  const { linkId } = event.data;
  // Used, dead, or asked for again since: the later event mails the same link.
  if (link?.id !== linkId || link.requestedAt > event.meta.at || desk.now >= passwordLinkEndsAt(link)) {
    return [];
  }
  const { purpose } = link;
  const expiresAt = link.expiresAt ?? desk.now + desk.linkLifetimeMs;
  if (account.individual !== null && purpose === 'SetUp') {
    const url = desk.links.url('legacy-password', desk.legacyAccountId, linkId);
    return [individualUserInvited(profile, LEGACY_PASSWORD_LINK, { url, expiresAt, now: desk.now })];
  }
  return [
    {
      kind: LEGACY_PASSWORD_LINK,
      ...toUser(profile),
      subject: `${ACE_PORTAL}: ${subjects[purpose]}`,
      portal: ACE_PORTAL,
      body: [
        asked[purpose](moment(event.meta.at)),
        {
          steps: [
            'Click on the link below.',
            'Enter the new password twice. Follow the password requirements displayed on the screen.',
            'Use it with your legacy user id where you are prompted to Sync Accounts.',
          ],
        },
        { link: 'Set the password', url: desk.links.url('legacy-password', desk.legacyAccountId, linkId) },
        `The link works once, for ${duration(expiresAt - desk.now)}: until ${moment(expiresAt)}. Asking again brings the same link.`,
        'Nobody at the ACE Service Desk can see or set your password, or will ever ask you for it.',
        ifNotYou[purpose],
        pageTrouble,
      ],
    },
  ];
};

const passwordSet: LegacyWriter<'LegacyPasswordReset'> = (event, _, profile) => [
  {
    kind: 'legacy-password-set',
    ...toUser(profile),
    subject: `${ACE_PORTAL}: the password of your legacy account was set`,
    portal: ACE_PORTAL,
    body: [
      `On ${moment(event.meta.at)}, the password of your legacy ${ACE_PORTAL} account was set by a link that we had mailed to this address.`,
      'If it was you, there is nothing that you need to do.',
      'If it was not you, somebody else can read your mail. Change the password of your mailbox, then contact the ACE Service Desk to request a password reset.',
    ],
  },
];

/** Every event of a legacy account that calls for a mail. */
export const legacyWriters = {
  LegacyPasswordLinkRequested: linkRequested,
  LegacyPasswordReset: passwordSet,
  IndividualUserRevoked: ({ meta }, account, profile) =>
    account.individual?.linkRequested ? [individualUserRevoked(profile, meta.at)] : [],
} satisfies { [T in LegacyAccountEvent['type']]?: LegacyWriter<T> };

export type LegacyMailedType = keyof typeof legacyWriters;
