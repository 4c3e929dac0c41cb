import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { legacyAccountDecider, type LegacyAccount } from '../domain/legacy-account/legacy-account.js';
import { partsOf } from '../engine/envelope.js';
import type { Projection } from '../engine/projection.js';
import { Streams } from '../engine/streams.js';
import { ReadStore, type Instant } from '../ports.js';

/** A legacy account whose last syncs failed: a document until one succeeds, or its password is reset. Nothing personal. */
export interface LegacySyncFailures {
  readonly legacyAccountId: string;
  /** Index: when the last one was. */
  readonly lastFailedAt: Instant;
}

export const legacySyncFailures: Projection<LegacySyncFailures> = {
  name: 'legacy-sync-failures-1',
  indexes: ['lastFailedAt'],
  types: new Set(['LegacyCredentialRefused', 'LegacyAccountClaimed', 'LegacyPasswordReset']),
  keyOf: ({ stream }) => partsOf(stream).id,
  fold(_failures, { type, stream, meta }) {
    if (type !== 'LegacyCredentialRefused') return null;
    return { legacyAccountId: partsOf(stream).id, lastFailedAt: meta.at };
  },
};

/** Those that failed last come first. Throws `BadCursor`. */
export class ListLegacySyncFailures {
  constructor(
    readonly limit: number,
    readonly cursor?: string,
  ) {}
}

export interface FailedLegacyAccount extends LegacySyncFailures {
  readonly account: LegacyAccount;
}

export interface LegacySyncFailurePage {
  readonly failures: readonly FailedLegacyAccount[];
  readonly next: string | null;
}

@QueryHandler(ListLegacySyncFailures)
export class ListLegacySyncFailuresHandler implements IQueryHandler<
  ListLegacySyncFailures,
  LegacySyncFailurePage
> {
  constructor(
    private readonly views: ReadStore,
    private readonly streams: Streams,
  ) {}

  /** The view says where to look. What failed, and of whom, is asked of the log: it is gone where the directory brought another
   *  password since, and has no name where the person was erased. */
  async execute({ limit, cursor }: ListLegacySyncFailures): Promise<LegacySyncFailurePage> {
    const page = await this.views.range(legacySyncFailures.name, {
      field: 'lastFailedAt',
      descending: true,
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    const found = page.items.map(({ body }) => body as LegacySyncFailures);
    const accounts = await Promise.all(
      found.map(({ legacyAccountId }) => this.streams.read(legacyAccountDecider, legacyAccountId)),
    );
    const failures = found.map((each, index) => ({ ...each, account: accounts[index]!.state }));
    return {
      failures: failures.filter(({ account }) => account.password.failuresSinceSuccess > 0),
      next: page.next,
    };
  }
}
