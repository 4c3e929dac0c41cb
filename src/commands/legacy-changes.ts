import { accountDecider } from '../domain/account/account.js';
import { entryOf } from '../domain/legacy-account/claim.js';
import { legacyAccountDecider, type LegacyAccount } from '../domain/legacy-account/legacy-account.js';
import { followLegacyAccess, withdrawLegacyAccess } from '../domain/trade-account/legacy-changes.js';
import { tradeAccountDecider } from '../domain/trade-account/trade-account.js';
import type { CommandContext, Streams } from '../engine/streams.js';
import type { TradeAccounts } from './trade-accounts.js';

type Entry = NonNullable<ReturnType<typeof entryOf>>;

/** What the legacy portal tells of a legacy account that is synced already: the access that came from there follows it. */
export class LegacyChanges {
  constructor(
    private readonly streams: Streams,
    private readonly tradeAccounts: TradeAccounts,
  ) {}

  /** Brings every trade account up to what is told of the legacy account by now. Nothing where no account has its access yet: it will
   *  come with the sync. The same again changes nothing. */
  async follow(legacyAccountId: string, context: CommandContext): Promise<void> {
    // Looks again after each time: somebody who stood still in between may just have told what was true before.
    for (let told = 0; ;) {
      const { state } = await this.streams.read(legacyAccountDecider, legacyAccountId);
      const entry = entryOf(state);
      if (entry === null || entry.version === told || state.claimedBy === null) return;
      // Of individual users the owner of the trade account decides, not the legacy portal.
      if (state.individual !== null) return;
      if (!(await this.hasItsAccess(state.claimedBy, legacyAccountId))) return;
      await this.apply(state.claimedBy, entry, state.dropped, {
        ...context,
        commandId: `${context.commandId}:${entry.version}`,
      });
      told = entry.version;
    }
  }

  private async hasItsAccess(accountId: string, legacyAccountId: string): Promise<boolean> {
    const { state } = await this.streams.read(accountDecider, accountId);
    if (state.status !== 'Registered' || state.legacy === null) return false;
    return state.legacy.legacyAccountId === legacyAccountId && state.legacy.broughtOver;
  }

  /** An account that is not active or in good standing there gives nothing, until it is again. */
  private async apply(
    accountId: string,
    { version: legacyVersion, profile: { status, company, tradeAccounts } }: Entry,
    dropped: LegacyAccount['dropped'],
    context: CommandContext,
  ): Promise<void> {
    const given = status === 'Active' ? tradeAccounts : [];
    const withdrawn = status === 'Active' ? dropped : [...dropped, ...tradeAccounts];
    await Promise.all([
      ...given.map(({ type, number, owner: isOwner, permissions }) => {
        const access = { type, number, companyName: company, accountId, isOwner, permissions, legacyVersion };
        const id = this.tradeAccounts.idOf(type, number);
        return this.streams.decide(tradeAccountDecider, id, followLegacyAccess(access), context);
      }),
      ...withdrawn.map(({ type, number }) => {
        const id = this.tradeAccounts.idOf(type, number);
        const decision = withdrawLegacyAccess(accountId, legacyVersion);
        return this.streams.decide(tradeAccountDecider, id, decision, context);
      }),
    ]);
  }
}
