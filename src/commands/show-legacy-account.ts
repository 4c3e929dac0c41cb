import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { entryOf } from '../domain/legacy-account/claim.js';
import { legacyAccountDecider, type LegacyAccount } from '../domain/legacy-account/legacy-account.js';
import { legacyAccountUnknown } from '../domain/legacy-account/password-link.js';
import { Streams } from '../engine/streams.js';
import { LegacyDirectory } from './legacy-directory.js';
import { LegacyResets } from './legacy-resets.js';

/** A legacy account, by the user id that its user tells, or by its id. */
export class ShowLegacyAccount {
  constructor(readonly by: { readonly legacyUserId: string } | { readonly legacyAccountId: string }) {}
}

export interface ShownLegacyAccount {
  readonly legacyAccountId: string;
  readonly account: LegacyAccount;
  /** With which account it was synced, and when; null at: that is under way. */
  readonly synced: { readonly accountId: string; readonly at: number | null } | null;
}

@QueryHandler(ShowLegacyAccount)
export class ShowLegacyAccountHandler implements IQueryHandler<ShowLegacyAccount, ShownLegacyAccount> {
  constructor(
    private readonly streams: Streams,
    private readonly directory: LegacyDirectory,
    private readonly resets: LegacyResets,
  ) {}

  /** Throws `LegacyAccountUnknown`; not where the legacy portal keeps the accounts, and may have it. */
  async execute({ by }: ShowLegacyAccount): Promise<ShownLegacyAccount> {
    const legacyAccountId = 'legacyUserId' in by ? this.directory.idOf(by.legacyUserId) : by.legacyAccountId;
    const { state: account } = await this.streams.read(legacyAccountDecider, legacyAccountId);
    if (entryOf(account) === null && !this.resets.atPortal) throw legacyAccountUnknown();
    return { legacyAccountId, account, synced: await this.syncOf(account, legacyAccountId) };
  }

  private async syncOf(
    { claimedBy }: LegacyAccount,
    legacyAccountId: string,
  ): Promise<ShownLegacyAccount['synced']> {
    if (claimedBy === null) return null;
    const { state } = await this.streams.read(accountDecider, claimedBy);
    const link = state.status === 'Registered' ? state.legacy : null;
    return { accountId: claimedBy, at: link?.legacyAccountId === legacyAccountId ? link.syncedAt : null };
  }
}
