import { Injectable } from '@nestjs/common';
import { HandoffTickets } from '../commands/handoff-tickets.js';
import { LegacyPortalState } from '../commands/legacy-portal-state.js';
import { referenceTexts, type Reference } from '../domain/help/references.js';
import type { LegacyPortal } from '../domain/legacy-portal/legacy-portal.js';
import type { TradeAccountType } from '../domain/trade-account/events.js';
import { PortalReferences } from './portal-references.js';
import { iso } from './presentation.js';

const HANDOFFS = '/api/v1/me/legacy-handoffs';

/** References as people see them: what the operator configured, unless the legacy portal has been retired since. */
@Injectable()
export class ShownReferences {
  constructor(
    private readonly references: PortalReferences,
    private readonly legacyPortal: LegacyPortalState,
    private readonly tickets: HandoffTickets,
  ) {}

  /** All of them, for somebody who has trade accounts of these types. */
  async all(types: ReadonlySet<TradeAccountType>) {
    const portal = await this.legacyPortal.now();
    const all = this.references.all.map((reference) => asItStands(reference, portal));
    const hasLegacyPortal = all.some(({ name, state }) => name === 'legacyPortal' && state === 'available');
    const handoff = hasLegacyPortal && this.tickets.target !== null ? HANDOFFS : null;
    return all.map((reference) => shown(reference, types, portal, { hasLegacyPortal, handoff }));
  }

  /** Those that stand on the page of a trade account of each type. */
  async byAccountType(types: ReadonlySet<TradeAccountType>) {
    const all = await this.all(types);
    return (type: TradeAccountType) =>
      all.flatMap(({ accountTypes, retiresAt: _, handoff: __, ...reference }) =>
        accountTypes.includes(type) ? [reference] : [],
      );
  }
}

const asItStands = (reference: Reference, { retiredAt }: LegacyPortal): Reference =>
  reference.name === 'legacyPortal' && retiredAt !== null ? { ...reference, state: 'retired' } : reference;

function shown(
  { name, state, date, link }: Reference,
  types: ReadonlySet<TradeAccountType>,
  { retirement }: LegacyPortal,
  { hasLegacyPortal, handoff }: { readonly hasLegacyPortal: boolean; readonly handoff: string | null },
) {
  const { title, purpose, pageOf, meanwhile } = referenceTexts[name];
  return {
    ...{ name, title, purpose, state, date },
    retiresAt: name === 'legacyPortal' && retirement !== null ? iso(retirement.retiresAt) : null,
    link: state === 'available' ? link : null,
    handoff: name === 'legacyPortal' ? handoff : null,
    meanwhile: state === 'comingSoon' && hasLegacyPortal ? meanwhile : null,
    accountTypes: pageOf !== null && types.has(pageOf) ? [pageOf] : [],
  };
}
