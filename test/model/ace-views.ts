import { ownerReplacementDecider } from '../../src/domain/owner-replacement/owner-replacement.js';
import { permissionsOf, tradeAccountDecider } from '../../src/domain/trade-account/trade-account.js';
import type { Envelope } from '../../src/engine/envelope.js';
import type { Projection } from '../../src/engine/projection.js';
import type { Streams } from '../../src/engine/streams.js';
import { ownerReplacements, type OwnerReplacementView } from '../../src/projections/owner-replacements.js';
import { tradeAccountAccess, type TradeAccountAccess } from '../../src/projections/trade-account-access.js';

/** The two views that these stories show in, folded as the log grows, from documents that were stored in between. */
export class AceViews {
  private readonly access = new Folded(tradeAccountAccess);
  private readonly applications = new Folded(ownerReplacements);

  takeOn(events: readonly Envelope[]): void {
    for (const view of [this.access, this.applications]) events.forEach((event) => view.fold(event));
  }

  /** As one fold of the whole log makes them; and as the streams themselves say. */
  async expectTrue(log: readonly Envelope[], streams: Streams): Promise<void> {
    const anew = new AceViews();
    anew.takeOn(log);
    expect(this.access.documents).toEqual(anew.access.documents);
    expect(this.applications.documents).toEqual(anew.applications.documents);

    const idsOf = (category: string) => [
      ...new Set(
        log
          .filter(({ stream }) => stream.startsWith(`${category}-`))
          .map(({ stream }) => stream.slice(category.length + 1)),
      ),
    ];
    const shown: string[] = [];
    for (const id of idsOf('tradeAccount')) {
      const { state } = await streams.read(tradeAccountDecider, id);
      if (state.status !== 'Open') continue;
      for (const { accountId } of state.users) {
        expect(permissionsOf(state, accountId)).not.toBeNull();
        shown.push(`${accountId}:${id}`);
      }
    }
    expect([...this.access.documents.keys()].sort()).toEqual(shown.sort());
    for (const id of idsOf('ownerReplacement')) {
      const { state } = await streams.read(ownerReplacementDecider, id);
      const view = JSON.parse(this.applications.documents.get(id)!) as OwnerReplacementView;
      expect(view.status).toBe(state.status);
      const isOpen = ['Submitted', 'InReview', 'Approved'].includes(state.status);
      expect(view.openSince !== undefined).toBe(isOpen);
    }
  }
}

class Folded<View extends OwnerReplacementView | TradeAccountAccess> {
  readonly documents = new Map<string, string>();

  constructor(private readonly projection: Projection<View>) {}

  fold(event: Envelope): void {
    if (!this.projection.types.has(event.type)) return;
    const key = this.projection.keyOf(event);
    if (key === null) return;
    const held = this.documents.get(key);
    const next = this.projection.fold(held === undefined ? null : (JSON.parse(held) as View), event);
    if (next === null) this.documents.delete(key);
    else this.documents.set(key, JSON.stringify(next));
  }
}
