import type { Provider } from '@nestjs/common';
import { IndividualUsers } from './commands/individual-users.js';
import { LegacyChanges } from './commands/legacy-changes.js';
import { LegacyClaims } from './commands/legacy-claims.js';
import { MailedLinks } from './commands/mailed-link.js';
import { ReplacementSettlement } from './commands/replacement-settlement.js';
import { SendLegacyLogoutHandler } from './commands/send-legacy-logout.js';
import type { Config } from './config.js';
import type { Envelope } from './engine/envelope.js';
import { Streams } from './engine/streams.js';
import { Contacts } from './http/contacts.js';
import { Clock, Mailer } from './ports.js';
import { CompleteOwnerReplacements } from './reactions/complete-owner-replacements.js';
import { IndividualUserSteps } from './reactions/individual-users.js';
import { LegacyAccountMails } from './reactions/legacy-account-mails.js';
import { LegacySyncs } from './reactions/legacy-syncs.js';
import { Mails } from './reactions/mails.js';
import { OwnerReplacementMails } from './reactions/owner-replacement-mails.js';
import { ReleaseEmails } from './reactions/release-emails.js';
import { RequestLegacyLogouts } from './reactions/request-legacy-logouts.js';
import { SendLegacyLogouts } from './reactions/send-legacy-logouts.js';
import type { ServiceLog } from './service-log.js';

/** Every reaction, as the reactor runs them: `Reaction[]`. */
export const REACTIONS = Symbol('reactions');
const MAIL = Symbol('reactions that send mail');
const FOLLOW_UPS = Symbol('reactions that send commands');

const HOUR_MS = 3_600_000;

export function reactionProviders(config: Config, log: ServiceLog): Provider[] {
  const linkLifetimeMs = config.RESET_LINK_HOURS * HOUR_MS;
  const ownerWaitMs = config.OWNER_CHANGE_WAIT_HOURS * HOUR_MS;
  const { PUBLIC_URL: publicUrl } = config;
  const onRefused = (event: Envelope) => log.mailRefused(event.type);
  const tellsLogouts = config.LEGACY_LOGOUT_URL !== undefined;
  return [
    {
      provide: MAIL,
      inject: [Streams, Mailer, Clock, MailedLinks, Contacts],
      useFactory: (
        streams: Streams,
        mailer: Mailer,
        clock: Clock,
        links: MailedLinks,
        contacts: Contacts,
      ) => {
        const post = { streams, mailer, links, publicUrl, onRefused };
        return [
          new Mails({ ...post, clock, contacts, resetLinkLifetimeMs: linkLifetimeMs }),
          new OwnerReplacementMails({ ...post, ownerWaitMs }),
          new LegacyAccountMails({ ...post, clock, linkLifetimeMs }),
        ];
      },
    },
    {
      provide: FOLLOW_UPS,
      inject: [Streams, Clock, LegacyClaims, LegacyChanges, IndividualUsers, SendLegacyLogoutHandler],
      useFactory: (
        streams: Streams,
        clock: Clock,
        claims: LegacyClaims,
        changes: LegacyChanges,
        individualUsers: IndividualUsers,
        sendLogout: SendLegacyLogoutHandler,
      ) => [
        new ReleaseEmails(streams),
        new CompleteOwnerReplacements(new ReplacementSettlement(streams)),
        new LegacySyncs(claims, changes),
        new IndividualUserSteps(individualUsers),
        new RequestLegacyLogouts(streams, clock, tellsLogouts),
        new SendLegacyLogouts(sendLogout, tellsLogouts),
      ],
    },
    {
      provide: REACTIONS,
      inject: [MAIL, FOLLOW_UPS],
      useFactory: (...kinds: readonly (readonly object[])[]) => kinds.flat(),
    },
  ];
}
