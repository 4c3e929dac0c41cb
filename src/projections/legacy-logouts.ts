import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { PastEvent } from '../domain/events.js';
import type { legacyAccountEvents, LogoutCause, LogoutTrouble } from '../domain/legacy-account/events.js';
import { partsOf } from '../engine/envelope.js';
import type { Projection } from '../engine/projection.js';
import { ReadStore, type Instant } from '../ports.js';

/** A logout that the legacy portal has not acknowledged. */
export interface LegacyLogoutView {
  readonly logoutId: string;
  readonly legacyAccountId: string;
  readonly accountId: string;
  readonly cause: LogoutCause;
  /** Index: when the session here ended. */
  readonly since: Instant;
  /** Index: no further try before this. */
  readonly tryAt: Instant;
  readonly failures: number;
  /** What went wrong last; null: nothing yet. */
  readonly trouble: LogoutTrouble | null;
}

type LogoutEvent = Extract<PastEvent<typeof legacyAccountEvents>, { type: `LegacyLogout${string}` }>;

export const legacyLogouts: Projection<LegacyLogoutView> = {
  name: 'legacy-logouts-1',
  indexes: ['since', 'tryAt'],
  types: new Set([
    'LegacyLogoutRequested',
    'LegacyLogoutFailed',
    'LegacyLogoutAcknowledged',
    'LegacyLogoutLapsed',
  ]),
  keyOf: ({ data }) => data.logoutId as string,
  fold(logout, { type, data, meta, stream }) {
    const event = { type, data } as LogoutEvent;
    if (event.type === 'LegacyLogoutRequested') {
      const { logoutId, accountId, cause } = event.data;
      const about = { logoutId, legacyAccountId: partsOf(stream).id, accountId, cause };
      return { ...about, since: meta.at, tryAt: meta.at, failures: 0, trouble: null };
    }
    if (event.type !== 'LegacyLogoutFailed' || logout === null) return null;
    const { trouble, failures, tryAt } = event.data;
    return { ...logout, trouble, failures, tryAt };
  },
};

/** Unacknowledged logouts, those that wait longest first. Throws `BadCursor`. */
export class ListLegacyLogouts {
  constructor(
    readonly limit: number,
    readonly cursor?: string,
  ) {}
}

/** Those that may be tried again by `now`, the ones that are due longest first. */
export class ListDueLegacyLogouts {
  constructor(
    readonly now: Instant,
    readonly limit: number,
    readonly cursor?: string,
  ) {}
}

export interface LegacyLogoutPage {
  readonly logouts: readonly LegacyLogoutView[];
  readonly next: string | null;
}

@QueryHandler(ListLegacyLogouts)
export class ListLegacyLogoutsHandler implements IQueryHandler<ListLegacyLogouts, LegacyLogoutPage> {
  constructor(private readonly views: ReadStore) {}

  execute({ limit, cursor }: ListLegacyLogouts): Promise<LegacyLogoutPage> {
    return page(this.views, { field: 'since' }, limit, cursor);
  }
}

@QueryHandler(ListDueLegacyLogouts)
export class ListDueLegacyLogoutsHandler implements IQueryHandler<ListDueLegacyLogouts, LegacyLogoutPage> {
  constructor(private readonly views: ReadStore) {}

  execute({ now, limit, cursor }: ListDueLegacyLogouts): Promise<LegacyLogoutPage> {
    return page(this.views, { field: 'tryAt', to: now }, limit, cursor);
  }
}

async function page(
  views: ReadStore,
  what: { readonly field: string; readonly to?: number },
  limit: number,
  cursor: string | undefined,
): Promise<LegacyLogoutPage> {
  const range = { ...what, limit, ...(cursor !== undefined && { cursor }) };
  const { items, next } = await views.range(legacyLogouts.name, range);
  return { logouts: items.map(({ body }) => body as LegacyLogoutView), next };
}

const PAGE = 200;

/** How many there are; counts no further than `atMost`. */
export class CountLegacyLogouts {
  constructor(readonly atMost: number) {}
}

@QueryHandler(CountLegacyLogouts)
export class CountLegacyLogoutsHandler implements IQueryHandler<CountLegacyLogouts, number> {
  constructor(private readonly views: ReadStore) {}

  async execute({ atMost }: CountLegacyLogouts): Promise<number> {
    let count = 0;
    let cursor: string | undefined;
    do {
      const { logouts, next } = await page(this.views, { field: 'since' }, PAGE, cursor);
      count += logouts.length;
      cursor = next ?? undefined;
    } while (cursor !== undefined && count < atMost);
    return Math.min(count, atMost);
  }
}
