import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { nextDeadline } from '../domain/account/deadlines.js';
import { accountEvents, type PastAccountEvent } from '../domain/account/events.js';
import type { Account } from '../domain/account/state.js';
import type { Projection } from '../engine/projection.js';
import { partsOf } from '../engine/envelope.js';
import { ReadStore, type Instant } from '../ports.js';

/** An account as people of the house see it: the state that decisions see, less all secrets. */
export interface AccountView {
  readonly accountId: string;
  /** Index: finds the account by address. Absent once it ended. */
  readonly emailKey?: string;
  /** Index: when time alone changes the account next. */
  readonly dueAt?: Instant;
  readonly registeredAt: Instant;
  readonly changedAt: Instant;
  readonly revision: number;
  readonly state: Account;
}

const notShown: ReadonlySet<string> = new Set(['NoticeSent', 'NoticeRefused']);

export const accountView: Projection<AccountView> = {
  name: 'account-view-1',
  indexes: ['emailKey', 'dueAt'],
  types: new Set(Object.keys(accountEvents)),
  keyOf: ({ stream }) => partsOf(stream).id,
  fold(view, event) {
    const { at } = event.meta;
    const state = accountDecider.evolve(
      view?.state ?? accountDecider.initial,
      { type: event.type, data: withoutSecrets(event.data) } as PastAccountEvent,
      at,
    );
    const due = nextDeadline(state);
    return {
      accountId: partsOf(event.stream).id,
      ...(state.status === 'Registered' && { emailKey: state.emailKey }),
      ...(due !== null && { dueAt: due }),
      registeredAt: view?.registeredAt ?? at,
      changedAt: notShown.has(event.type) ? (view?.changedAt ?? at) : at,
      revision: event.revision,
      state,
    };
  },
};

/** Hashes have no business in a view; the questions' ids have, for their owner. */
function withoutSecrets(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { passwordHash: _, questions, session, ...rest } = data;
  const shown: Record<string, unknown> = rest;
  if (questions !== undefined) shown.questions = { ...(questions as object), answersHash: '' };
  if (typeof session === 'object') shown.session = { ...session, tokenHash: '' };
  else if (session !== undefined) shown.session = session;
  return shown;
}

export class GetAccount {
  constructor(readonly by: { readonly accountId: string } | { readonly emailKey: string }) {}
}

@QueryHandler(GetAccount)
export class GetAccountHandler implements IQueryHandler<GetAccount, AccountView | null> {
  constructor(private readonly views: ReadStore) {}

  async execute({ by }: GetAccount): Promise<AccountView | null> {
    if ('accountId' in by) {
      const found = await this.views.get(accountView.name, by.accountId);
      return (found?.body ?? null) as AccountView | null;
    }
    const { emailKey } = by;
    const range = { field: 'emailKey', from: emailKey, to: emailKey, limit: 1 };
    const page = await this.views.range(accountView.name, range);
    return (page.items[0]?.body ?? null) as AccountView | null;
  }
}

/** Accounts for which something came due: what jobs work on. Those due longest come first. */
export class ListDueAccounts {
  constructor(
    readonly now: Instant,
    readonly limit: number,
    readonly cursor: string | null,
  ) {}
}

export interface DueAccounts {
  readonly accountIds: readonly string[];
  readonly next: string | null;
}

@QueryHandler(ListDueAccounts)
export class ListDueAccountsHandler implements IQueryHandler<ListDueAccounts, DueAccounts> {
  constructor(private readonly views: ReadStore) {}

  async execute({ now, limit, cursor }: ListDueAccounts): Promise<DueAccounts> {
    const range = { field: 'dueAt', to: now, limit, ...(cursor !== null && { cursor }) };
    const { items, next } = await this.views.range(accountView.name, range);
    return { accountIds: items.map(({ key }) => key), next };
  }
}
