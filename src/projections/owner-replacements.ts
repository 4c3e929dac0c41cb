import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import {
  ownerReplacementDecider,
  type ApplicationStatus,
  type OwnerReplacement,
} from '../domain/owner-replacement/owner-replacement.js';
import { ownerReplacementEvents } from '../domain/owner-replacement/events.js';
import type { PastEvent } from '../domain/events.js';
import type { TradeAccountType } from '../domain/trade-account/events.js';
import { partsOf } from '../engine/envelope.js';
import type { Projection } from '../engine/projection.js';
import { ReadStore, type Instant } from '../ports.js';

/** An application as lists show it: nothing personal. */
export interface OwnerReplacementView {
  readonly applicationId: string;
  /** Index: who applied, or entered it, and when. */
  readonly byAndAt: string;
  /** Index: when it was submitted. Absent once it is closed. */
  readonly openSince?: Instant;
  readonly submittedAt: Instant;
  readonly status: ApplicationStatus;
  readonly ownerAnswer: 'Consented' | 'Objected' | null;
  readonly form: 'A' | 'B';
  readonly type: TradeAccountType;
  /** What decisions see, less everything sealed. */
  readonly state: OwnerReplacement;
}

const openStatuses: ReadonlySet<ApplicationStatus> = new Set(['Submitted', 'InReview', 'Approved']);
const sealedFields: ReadonlySet<string> = new Set([
  'number',
  'applicantEmail',
  'newOwner',
  'corporate',
  'justification',
  'reason',
]);

export const ownerReplacements: Projection<OwnerReplacementView> = {
  name: 'owner-replacements-1',
  indexes: ['byAndAt', 'openSince'],
  types: new Set(Object.keys(ownerReplacementEvents)),
  keyOf: ({ stream }) => partsOf(stream).id,
  fold(view, { type, data, meta, stream }) {
    const told = Object.fromEntries(Object.entries(data).filter(([field]) => !sealedFields.has(field)));
    const event = { type, data: told } as PastEvent<typeof ownerReplacementEvents>;
    const state = ownerReplacementDecider.evolve(
      view?.state ?? ownerReplacementDecider.initial,
      event,
      meta.at,
    );
    if (state.status === 'Unknown') return null;
    const { status, form, submittedAt, ownerAnswer, applicantId, enteredBy } = state;
    return {
      applicationId: partsOf(stream).id,
      byAndAt: `${applicantId ?? enteredBy ?? ''}:${String(submittedAt).padStart(15, '0')}`,
      ...(openStatuses.has(status) && { openSince: submittedAt }),
      ...{ submittedAt, status, form, type: state.type, state },
      ownerAnswer: ownerAnswer?.answer ?? null,
    };
  },
};

/** Open applications, those that wait longest first; or all that one account submitted, newest first. Throws `BadCursor`. */
export class ListOwnerReplacements {
  constructor(
    readonly which: 'open' | { readonly by: string },
    readonly limit: number,
    readonly cursor?: string,
  ) {}
}

export interface OwnerReplacementPage {
  readonly applications: readonly OwnerReplacementView[];
  readonly next: string | null;
}

@QueryHandler(ListOwnerReplacements)
export class ListOwnerReplacementsHandler implements IQueryHandler<
  ListOwnerReplacements,
  OwnerReplacementPage
> {
  constructor(private readonly views: ReadStore) {}

  async execute({ which, limit, cursor }: ListOwnerReplacements): Promise<OwnerReplacementPage> {
    const range =
      which === 'open'
        ? { field: 'openSince' }
        : // ';' follows ':' in ASCII: everything of this account, and nothing of another.
          { field: 'byAndAt', from: `${which.by}:`, to: `${which.by};`, descending: true };
    const page = await this.views.range(ownerReplacements.name, {
      ...range,
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    return { applications: page.items.map(({ body }) => body as OwnerReplacementView), next: page.next };
  }
}
