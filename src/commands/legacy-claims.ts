import { accountDecider } from '../domain/account/account.js';
import { legacyAccessBroughtOver, syncLegacyAccount } from '../domain/account/legacy-sync.js';
import type { Account, LegacyLink } from '../domain/account/state.js';
import { DomainError } from '../domain/domain-error.js';
import { entryOf, refuseUnlessInGoodStanding, releaseLegacyClaim } from '../domain/legacy-account/claim.js';
import type { ReleaseCause } from '../domain/legacy-account/events.js';
import type { IndividualUser } from '../domain/legacy-account/individual-user-state.js';
import { legacyAccountDecider } from '../domain/legacy-account/legacy-account.js';
import { bringOver } from '../domain/trade-account/access.js';
import { tradeAccountDecider } from '../domain/trade-account/trade-account.js';
import { joinByInvitation } from '../domain/trade-account/users.js';
import type { CommandContext, Current, Streams } from '../engine/streams.js';
import type { TradeAccounts } from './trade-accounts.js';

/** Refusals that last for ever, so that the claim stands for nothing. Others, such as a lock, pass. */
const releases: Readonly<Record<string, ReleaseCause>> = {
  AlreadySynced: 'AccountSyncedElsewhere',
  AccountUnknown: 'AccountEnded',
};

/** What follows a claim on a legacy account, step by step: each can be repeated, by whoever finds it not done. */
export class LegacyClaims {
  constructor(
    private readonly streams: Streams,
    private readonly tradeAccounts: TradeAccounts,
  ) {}

  /** Syncs the account with the legacy account that it has claimed; gives the claim up where that can never be. Null where there is
   *  no such claim (any more). Throws what `syncLegacyAccount` throws, and
   *  `LegacyAccountNotInGoodStanding`, for which the claim waits. */
  async complete(
    legacyAccountId: string,
    accountId: string,
    context: CommandContext,
  ): Promise<LegacyLink | null> {
    const { state } = await this.streams.read(legacyAccountDecider, legacyAccountId);
    const entry = entryOf(state);
    if (state.claimedBy !== accountId || entry === null) return null;
    const account = (await this.streams.read(accountDecider, accountId)).state;
    const held = linkOf(account);
    if (held?.legacyAccountId === legacyAccountId) return held;
    // One that ended, or has another by now, gives its claim up in any case.
    if (held === null && account.status === 'Registered') refuseUnlessInGoodStanding(entry.profile);
    const sync = syncLegacyAccount(legacyAccountId, entry.profile, entry.importedAt, entry.version);
    try {
      const synced = await this.streams.decide(accountDecider, accountId, sync, context);
      return linkOf(synced.state);
    } catch (error) {
      if (error instanceof DomainError) await this.release(legacyAccountId, accountId, error.code, context);
      throw error;
    }
  }

  /** Makes the account known to every trade account of its sync, once: what is granted or taken away there later stays so. Returns
   *  the account, whose last event is behind all of theirs. */
  async bringOverAccess(accountId: string, context: CommandContext): Promise<Current<Account>> {
    const current = await this.streams.read(accountDecider, accountId);
    const link = linkOf(current.state);
    if (link === null || link.broughtOver) return current;
    const { legacyAccountId } = link;
    const { state } = await this.streams.read(legacyAccountDecider, legacyAccountId);
    if (state.individual === null) await this.bringOverAll(accountId, link, context);
    else await this.join(accountId, state.individual, context);
    const done = { ...context, commandId: `${context.commandId}:brought-over` };
    return this.streams.decide(accountDecider, accountId, legacyAccessBroughtOver(legacyAccountId), done);
  }

  private async bringOverAll(
    accountId: string,
    { company: companyName = '', tradeAccounts = [], version: legacyVersion }: LegacyLink,
    context: CommandContext,
  ): Promise<void> {
    await Promise.all(
      tradeAccounts.map(({ type, number, owner: isOwner, permissions }) => {
        const id = this.tradeAccounts.idOf(type, number);
        const access = { type, number, companyName, accountId, isOwner, permissions, legacyVersion };
        return this.streams.decide(tradeAccountDecider, id, bringOver(access), context);
      }),
    );
  }

  /** What an individual user may do is the owner's to say until the very last moment: the trade account knows, not the entry. */
  private async join(
    accountId: string,
    { userId, tradeAccountId }: IndividualUser,
    context: CommandContext,
  ): Promise<void> {
    const decision = joinByInvitation(userId, accountId);
    await this.streams.decide(tradeAccountDecider, tradeAccountId, decision, context);
  }

  private async release(
    legacyAccountId: string,
    accountId: string,
    code: string,
    context: CommandContext,
  ): Promise<void> {
    const cause = releases[code];
    if (cause === undefined) return;
    const { state } = await this.streams.read(accountDecider, accountId);
    // It was synced with this very one, and ended since: used is used.
    if (state.status === 'Ended' && state.legacyAccountId === legacyAccountId) return;
    const releasing = { ...context, commandId: `${context.commandId}:release` };
    const decision = releaseLegacyClaim(accountId, cause);
    await this.streams.decide(legacyAccountDecider, legacyAccountId, decision, releasing);
  }
}

const linkOf = (account: Account): LegacyLink | null =>
  account.status === 'Registered' ? account.legacy : null;
