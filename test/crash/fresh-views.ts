import canonicalize from 'canonicalize';
import { EmbeddedReadStore } from '../../src/adapters/embedded/view-store.js';
import { SystemClock } from '../../src/adapters/system.js';
import { openKept } from '../../src/cli/kept-stores.js';
import type { Envelope } from '../../src/engine/envelope.js';
import { ProjectedView } from '../../src/engine/projected-view.js';
import { reactionView } from '../../src/engine/reaction-run.js';
import type { Position } from '../../src/ports.js';
import { projections } from '../../src/projections/all.js';
import { reactionNames } from '../../src/reactions/all.js';
import { contents } from '../support/views.js';
import { configOf, type Evidence, type Where } from './evidence.js';

const PAGE = 5_000;

/** Views folded in memory from the log that stands as evidence, to be compared with those that the service left. */
export class FreshViews {
  private readonly store = EmbeddedReadStore.openInMemory();
  private readonly views = new Map<string, ProjectedView>();

  private constructor(private readonly evidence: Evidence) {}

  static async of(evidence: Evidence): Promise<FreshViews> {
    const fresh = new FreshViews(evidence);
    for (const projection of projections) {
      const view = new ProjectedView(projection, fresh.store, new SystemClock());
      await view.open();
      fresh.views.set(projection.name, view);
    }
    return fresh;
  }

  /** Every document that differs, each view taken as of its own checkpoint; and how many documents were compared. */
  async compare(where: Where): Promise<{ differences: string[]; documents: number }> {
    const { views: stored, close } = await openKept(configOf(where));
    const differences: string[] = [];
    let documents = 0;
    try {
      for (const [name, view] of this.views) {
        const checkpoint = await stored.checkpoint(name);
        if ((checkpoint ?? '') < (view.position ?? '')) {
          differences.push(`${name} went back from ${view.position} to ${checkpoint}`);
          continue;
        }
        await this.bring(view, checkpoint);
        const [expected, found] = [await contents(this.store, name), await contents(stored, name)];
        for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
          // In what order a document has its fields depends on where pages of events were cut.
          const [is, should] = [canonicalize(found[key]), canonicalize(expected[key])];
          if (is !== should) differences.push(`${name} ${key} at ${checkpoint}: ${is} instead of ${should}`);
          documents += 1;
        }
      }
    } finally {
      await close();
    }
    return { differences, documents };
  }

  private async bring(view: ProjectedView, upTo: Position | null): Promise<void> {
    const { events } = this.evidence;
    while ((view.position ?? '') < (upTo ?? '')) {
      const from = this.evidence.countTo(view.position);
      const page = events.slice(from, from + PAGE).filter(({ position }) => position <= upTo!);
      await view.apply(page satisfies Envelope[], page.at(-1)!.position);
    }
  }
}

const followers = [...projections.map(({ name }) => name), ...reactionNames.map(reactionView)];

/** Resolves when projections and reactions have dealt with the whole log; throws when they do not within so long. */
export async function settled(where: Where, evidence: Evidence, timeoutMs = 60_000): Promise<void> {
  const { views: stored, close } = await openKept(configOf(where));
  const deadline = performance.now() + timeoutMs;
  try {
    for (;;) {
      await evidence.read();
      const checkpoints = await Promise.all(followers.map((name) => stored.checkpoint(name)));
      if (checkpoints.every((checkpoint) => checkpoint === evidence.head)) return;
      if (performance.now() > deadline) {
        throw new Error(`the log ends at ${evidence.head}, they stand at ${checkpoints.join(', ')}`);
      }
      await new Promise((resume) => setTimeout(resume, 50));
    }
  } finally {
    await close();
  }
}
