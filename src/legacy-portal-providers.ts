import type { Provider } from '@nestjs/common';
import { LegacyHashes } from './adapters/legacy-hashes.js';
import { LegacyLogoutClient, NoLegacyLogouts } from './adapters/legacy-logout-client.js';
import { LegacyPortalClient } from './adapters/legacy-portal-client.js';
import { LegacyResetClient } from './adapters/legacy-reset-client.js';
import { Emails } from './commands/emails.js';
import { HandoffTickets, type HandoffTarget } from './commands/handoff-tickets.js';
import { IndividualUsers } from './commands/individual-users.js';
import { LegacyChanges } from './commands/legacy-changes.js';
import { LegacyClaims } from './commands/legacy-claims.js';
import {
  AskedLegacyCredentials,
  ImportedLegacyCredentials,
  LegacyCredentials,
} from './commands/legacy-credentials.js';
import { AskedLegacyResets, LegacyResets, MailedLegacyResets } from './commands/legacy-resets.js';
import { LegacyLogoutTokens } from './commands/legacy-logout-tokens.js';
import { LegacyPortalState } from './commands/legacy-portal-state.js';
import { LegacyDirectory } from './commands/legacy-directory.js';
import { TradeAccounts } from './commands/trade-accounts.js';
import type { Config } from './config.js';
import { SigningKeys } from './engine/signing-keys.js';
import { Keyring } from './engine/sealing.js';
import { Streams } from './engine/streams.js';
import { Clock, Ids, LegacyLogouts, LegacySecrets, SecretHasher } from './ports.js';

/** What this service knows of the legacy portal and asks of it, as the configuration says: adapters, and what works with them. */
export function legacyPortalProviders(config: Config): Provider[] {
  return [
    {
      provide: LegacySecrets,
      inject: [SecretHasher],
      useFactory: (hasher: SecretHasher) => new LegacyHashes(config.UNIFORM_ANSWER_MS, hasher),
    },
    { provide: LegacyLogouts, useFactory: () => legacyLogouts(config) },
    {
      provide: LegacyDirectory,
      inject: [Streams, Keyring],
      useFactory: (streams: Streams, keyring: Keyring) =>
        new LegacyDirectory(config.ADDRESS_KEY, streams, keyring),
    },
    {
      provide: IndividualUsers,
      inject: [Streams, LegacyDirectory, Emails, Ids],
      useFactory: (streams: Streams, directory: LegacyDirectory, emails: Emails, ids: Ids) =>
        new IndividualUsers(config.ADDRESS_KEY, streams, directory, emails, ids),
    },
    {
      provide: LegacyPortalState,
      inject: [Streams],
      useFactory: (streams: Streams) => new LegacyPortalState(streams),
    },
    {
      provide: LegacyClaims,
      inject: [Streams, TradeAccounts],
      useFactory: (streams: Streams, tradeAccounts: TradeAccounts) =>
        new LegacyClaims(streams, tradeAccounts),
    },
    {
      provide: LegacyChanges,
      inject: [Streams, TradeAccounts],
      useFactory: (streams: Streams, tradeAccounts: TradeAccounts) =>
        new LegacyChanges(streams, tradeAccounts),
    },
    {
      provide: LegacyCredentials,
      inject: [LegacyDirectory, Streams, LegacySecrets, Clock],
      useFactory: (directory: LegacyDirectory, streams: Streams, secrets: LegacySecrets, clock: Clock) => {
        const url = config.LEGACY_DIRECTORY_URL;
        return url === undefined
          ? new ImportedLegacyCredentials(directory, streams, secrets, clock)
          : new AskedLegacyCredentials(directory, streams, new LegacyPortalClient(url), clock);
      },
    },
    {
      provide: LegacyLogoutTokens,
      inject: [SigningKeys, Clock],
      useFactory: (keys: SigningKeys, clock: Clock) => {
        const clientId = config.LEGACY_LOGOUT_URL === undefined ? null : config.LEGACY_PORTAL_CLIENT_ID!;
        return new LegacyLogoutTokens(clientId, config.PUBLIC_URL, keys, clock);
      },
    },
    {
      provide: HandoffTickets,
      inject: [SigningKeys, Clock, LegacyPortalState],
      useFactory: (keys: SigningKeys, clock: Clock, legacyPortal: LegacyPortalState) =>
        new HandoffTickets(handoffTarget(config), config.PUBLIC_URL, keys, clock, legacyPortal),
    },
    {
      provide: LegacyResets,
      inject: [Streams, Ids, Clock],
      useFactory: (streams: Streams, ids: Ids, clock: Clock) => legacyResets(config, streams, ids, clock),
    },
  ];
}

/** null unless the legacy portal is set up for it, and available. */
function handoffTarget(config: Config): HandoffTarget | null {
  const {
    LEGACY_PORTAL_URL: url,
    LEGACY_PORTAL_CLIENT_ID: clientId,
    LEGACY_PORTAL_JWKS: keys,
    REFERENCES,
  } = config;
  const isAvailable = REFERENCES.some(({ name, state }) => name === 'legacyPortal' && state === 'available');
  return url && clientId && keys && isAvailable ? { url, clientId, keys } : null;
}

function legacyResets(config: Config, streams: Streams, ids: Ids, clock: Clock): LegacyResets {
  if (config.LEGACY_DIRECTORY_URL === undefined) return new MailedLegacyResets(streams, ids);
  const url = config.LEGACY_RESET_URL;
  return new AskedLegacyResets(streams, url === undefined ? null : new LegacyResetClient(url), clock);
}

const legacyLogouts = ({ LEGACY_LOGOUT_URL: url }: Config): LegacyLogouts =>
  url === undefined ? new NoLegacyLogouts() : new LegacyLogoutClient(url);
