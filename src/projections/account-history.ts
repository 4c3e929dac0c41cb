import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { accountEvents, type PastAccountEvent } from '../domain/account/events.js';
import { partsOf, type Actor } from '../engine/envelope.js';
import type { Projection } from '../engine/projection.js';
import { ReadStore, type Instant } from '../ports.js';
import { historySentence } from './history-sentence.js';

/** One entry of an account's history: a document for each event that concerns its owner. */
export interface HistoryEntry {
  readonly accountId: string;
  readonly at: Instant;
  readonly type: string;
  readonly by: Actor['kind'] | 'officer';
  readonly sentence: string;
}

export const accountHistory: Projection<HistoryEntry> = {
  name: 'account-history-1',
  indexes: [],
  types: new Set(Object.keys(accountEvents)),
  keyOf: ({ stream, revision }) => `${partsOf(stream).id}:${String(revision).padStart(10, '0')}`,
  fold(_entry, event) {
    const sentence = historySentence(event as unknown as PastAccountEvent, event.meta.at);
    if (sentence === null) return null;
    const { actor, at } = event.meta;
    return {
      accountId: partsOf(event.stream).id,
      at,
      type: event.type,
      by: actor.role === null ? actor.kind : 'officer',
      sentence,
    };
  },
};

export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  readonly next: string | null;
}

/** The newest entries first. Throws `BadCursor`. */
export class ListHistory {
  constructor(
    readonly accountId: string,
    readonly limit: number,
    readonly cursor?: string,
  ) {}
}

@QueryHandler(ListHistory)
export class ListHistoryHandler implements IQueryHandler<ListHistory, HistoryPage> {
  constructor(private readonly views: ReadStore) {}

  async execute({ accountId, limit, cursor }: ListHistory): Promise<HistoryPage> {
    const page = await this.views.range(accountHistory.name, {
      field: 'key',
      from: `${accountId}:`,
      // ';' follows ':' in ASCII: every key of this account, and none of another.
      to: `${accountId};`,
      descending: true,
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    return { entries: page.items.map(({ body }) => body as HistoryEntry), next: page.next };
  }
}
