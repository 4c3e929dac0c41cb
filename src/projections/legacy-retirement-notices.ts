import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { partsOf } from '../engine/envelope.js';
import type { Projection } from '../engine/projection.js';
import { ReadStore } from '../ports.js';

/** What a synced account was told of the legacy portal's retirement. */
export interface LegacyRetirementNotices {
  /** Index: the last notice; 0 when there was none. */
  readonly told: number;
  /** Index: likewise, while what it said last is that the portal will be retired. */
  readonly expecting?: number;
  /** Index: the revision of the notice whose mail is not out yet. */
  readonly unsent?: number;
}

export const legacyRetirementNotices: Projection<LegacyRetirementNotices> = {
  name: 'legacy-retirement-notices-1',
  indexes: ['told', 'expecting', 'unsent'],
  types: new Set([
    'LegacySynced',
    'LegacyRetirementNoticeRequested',
    'NoticeSent',
    'NoticeRefused',
    'PersonErased',
  ]),
  keyOf: ({ stream }) => partsOf(stream).id,
  fold(notices, { type, data, revision }) {
    if (type === 'PersonErased') return null;
    if (type === 'LegacySynced') return { told: 0 };
    if (type === 'LegacyRetirementNoticeRequested') {
      const { notice, retiresAt } = data as { notice: number; retiresAt?: number };
      return { told: notice, ...(retiresAt !== undefined && { expecting: notice }), unsent: revision };
    }
    if (notices?.unsent === undefined || (data.forRevision as number) < notices.unsent) return notices;
    const { unsent: _, ...rest } = notices;
    return rest;
  },
};

/** Accounts that have still to be told of a notice; of one that says it was called off, those who expect it. */
export class ListUntoldAccounts {
  constructor(
    readonly notice: number,
    readonly calledOff: boolean,
    readonly limit: number,
    readonly cursor: string | null,
  ) {}
}

export interface UntoldAccounts {
  readonly accountIds: readonly string[];
  readonly next: string | null;
}

@QueryHandler(ListUntoldAccounts)
export class ListUntoldAccountsHandler implements IQueryHandler<ListUntoldAccounts, UntoldAccounts> {
  constructor(private readonly views: ReadStore) {}

  async execute({ notice, calledOff, limit, cursor }: ListUntoldAccounts): Promise<UntoldAccounts> {
    const field = calledOff ? 'expecting' : 'told';
    const range = { field, from: 0, to: notice - 1, limit, ...(cursor !== null && { cursor }) };
    const { items, next } = await this.views.range(legacyRetirementNotices.name, range);
    return { accountIds: items.map(({ key }) => key), next };
  }
}

/** How many notices are waiting for their mail; counts no further than `atMost` (1 to 200). */
export class CountUnsentNotices {
  constructor(readonly atMost: number) {}
}

@QueryHandler(CountUnsentNotices)
export class CountUnsentNoticesHandler implements IQueryHandler<CountUnsentNotices, number> {
  constructor(private readonly views: ReadStore) {}

  async execute({ atMost }: CountUnsentNotices): Promise<number> {
    const range = { field: 'unsent', limit: atMost };
    return (await this.views.range(legacyRetirementNotices.name, range)).items.length;
  }
}
