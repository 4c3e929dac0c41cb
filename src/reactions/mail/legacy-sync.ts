import { toOwner, type Writer } from './desk.js';
import { notYou } from './help.js';
import { ACE_PORTAL, moment } from './wording.js';

export const legacySynced: Writer<'LegacySynced'> = (event, account, desk) => [
  {
    kind: 'legacy-synced',
    ...toOwner(account),
    subject: `${ACE_PORTAL}: your legacy account was synced`,
    body: [
      `On ${moment(event.meta.at)}, your account was synced with your legacy ${ACE_PORTAL} account. Your legacy access and permissions were applied to it.`,
      `A given legacy ${ACE_PORTAL} ID and password may only be used once for syncing. If several people share this login, the Account Owner needs to create individual user accounts for the others, by clicking “User Access” in the Tools tab.`,
      desk.legacyPortalIsRetired
        ? 'You do not need your legacy user id and password any more: the legacy portal is retired.'
        : 'We recommend that you keep your legacy user id and password until the legacy portal is retired: they may be needed for existing functions there.',
      notYou(desk.contacts),
    ],
  },
];
