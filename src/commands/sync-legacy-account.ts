import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { alreadySynced } from '../domain/account/legacy-sync.js';
import type { LegacyLink } from '../domain/account/state.js';
import {
  claimLegacyAccount,
  LegacyPasswordMovedOn,
  legacySyncRefused,
  refuseLegacyCredential,
} from '../domain/legacy-account/claim.js';
import { legacyAccountDecider } from '../domain/legacy-account/legacy-account.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { ClientLimits, type Position } from '../ports.js';
import { AccountRules } from './account-rules.js';
import { LegacyClaims } from './legacy-claims.js';
import { LegacyCredentials } from './legacy-credentials.js';
import { LegacyDirectory } from './legacy-directory.js';
import { SecretChecks } from './secret-checks.js';

/** “Sync Accounts”: the access of a legacy account for the account of whoever knows its password, once and for ever. */
export class SyncLegacyAccount {
  constructor(
    readonly accountId: string,
    readonly legacyUserId: string,
    readonly legacyPassword: string,
    readonly context: CommandContext,
  ) {}
}

export interface SyncedLegacyAccount {
  readonly link: LegacyLink;
  /** Up to here the log holds all that came over. */
  readonly position: Position | null;
}

const CHANGED_MEANWHILE_MAX = 3;

@CommandHandler(SyncLegacyAccount)
export class SyncLegacyAccountHandler implements ICommandHandler<SyncLegacyAccount, SyncedLegacyAccount> {
  constructor(
    private readonly streams: Streams,
    private readonly directory: LegacyDirectory,
    private readonly credentials: LegacyCredentials,
    private readonly claims: LegacyClaims,
    private readonly secrets: SecretChecks,
    private readonly limits: ClientLimits,
    private readonly rules: AccountRules,
  ) {}

  /** Throws `LegacySyncRefused` for all that only the right password may learn, `LegacyAccountUsed`, `LegacyAccountNotInGoodStanding`,
   *  `AlreadySynced`, `AccountShut`, `LegacyPortalAway`, and as a sign-in `TooManyRequests`, `QueueFull`, `HasherBusy`. */
  async execute(command: SyncLegacyAccount): Promise<SyncedLegacyAccount> {
    const { context, accountId } = command;
    const legacyAccountId = this.directory.idOf(command.legacyUserId);
    const link = await this.limits.attempt(
      context.clientKey ?? 'unknown',
      // Guesses at one legacy account come one by one, so that their limit holds.
      () =>
        this.secrets.oneAtATime(`legacy ${legacyAccountId}`, () => this.attempt(command, legacyAccountId)),
      (synced) => synced === null,
    );
    if (link === null) throw legacySyncRefused();
    const { position } = await this.claims.bringOverAccess(accountId, context);
    return { link, position };
  }

  private async attempt(command: SyncLegacyAccount, legacyAccountId: string): Promise<LegacyLink | null> {
    const { state } = await this.streams.read(accountDecider, command.accountId);
    const held = state.status === 'Registered' ? state.legacy : null;
    if (held !== null && held.legacyAccountId !== legacyAccountId) throw alreadySynced();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.compareOnce(command, legacyAccountId);
      } catch (error) {
        if (!(error instanceof LegacyPasswordMovedOn) || attempt >= CHANGED_MEANWHILE_MAX) throw error;
      }
    }
  }

  private async compareOnce(
    { accountId, legacyUserId, legacyPassword, context }: SyncLegacyAccount,
    legacyAccountId: string,
  ): Promise<LegacyLink | null> {
    const verdict = await this.credentials.check(legacyUserId, legacyPassword, context);
    if (verdict === null) return null;
    const { matches, version } = verdict;
    const decision = matches
      ? claimLegacyAccount(accountId, version)
      : refuseLegacyCredential(version, this.rules.lockout);
    const { state } = await this.streams.decide(legacyAccountDecider, legacyAccountId, decision, context);
    if (!matches || state.claimedBy !== accountId) return null;
    return this.claims.complete(legacyAccountId, accountId, context);
  }
}
