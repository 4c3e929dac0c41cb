import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import { RandomIds } from '../../src/adapters/system.js';
import type { LegacyLogoutTokens } from '../../src/commands/legacy-logout-tokens.js';
import type { SendLegacyLogout } from '../../src/commands/send-legacy-logout.js';
import { LeadWatch } from '../../src/engine/lead-watch.js';
import { RetryLegacyLogoutsJob } from '../../src/jobs/retry-legacy-logouts.js';
import { LegacyPortalAway, StoreUnavailable } from '../../src/ports.js';
import { ListDueLegacyLogouts, type LegacyLogoutPage } from '../../src/projections/legacy-logouts.js';
import { FixedClock } from '../support/counters.js';

type Answer = 'Over' | 'Unacknowledged';

/** Logouts that wait, `due` of them for a try now. */
class Waiting {
  readonly sent: string[] = [];
  readonly logged: unknown[] = [];
  answer: (logoutId: string) => Answer = () => 'Over';
  readonly job: RetryLegacyLogoutsJob;

  constructor(count: number, due: number, failures = 1) {
    const all = Array.from({ length: count }, (_, index) => ({ logoutId: `l-${index}`, failures }));
    const page = (query: { limit: number; cursor?: string }): LegacyLogoutPage => {
      const from = Number(query.cursor ?? 0);
      const end = query instanceof ListDueLegacyLogouts ? due : count;
      const to = Math.min(from + query.limit, end);
      const logouts = all.slice(from, to) as unknown as LegacyLogoutPage['logouts'];
      return { logouts, next: to < end ? String(to) : null };
    };
    const commands = {
      execute: async ({ logoutId }: SendLegacyLogout) => {
        const answer = this.answer(logoutId);
        this.sent.push(logoutId);
        return answer;
      },
    } as unknown as CommandBus;
    const queries = { execute: async (query: ListDueLegacyLogouts) => page(query) } as unknown as QueryBus;
    const lead = new LeadWatch({ lead: (work, signal) => work({ signal, isHeld: () => true }) });
    const tokens = { clientId: 'legacy' } as LegacyLogoutTokens;
    const log = { failed: (_: string, error: unknown) => void this.logged.push(error) };
    this.job = new RetryLegacyLogoutsJob(
      commands,
      queries,
      tokens,
      new FixedClock(),
      new RandomIds(),
      log,
      lead,
    );
  }
}

describe('the job that sends logouts again', () => {
  it('sends those that are due, and no others while nothing has changed', async () => {
    const waiting = new Waiting(30, 20);
    waiting.answer = () => 'Unacknowledged';
    await waiting.job.run();
    expect(waiting.sent).toHaveLength(20);
  });

  it('sends all others once one that had failed is acknowledged', async () => {
    const waiting = new Waiting(30, 1);
    await waiting.job.run();
    expect(new Set(waiting.sent).size).toBe(30);
  });

  it('does not take a first success for a return', async () => {
    const waiting = new Waiting(30, 1, 0);
    await waiting.job.run();
    expect(waiting.sent).toHaveLength(1);
  });

  it('stops where the portal answers nobody', async () => {
    const waiting = new Waiting(30, 30);
    let tries = 0;
    waiting.answer = () => {
      tries += 1;
      throw new LegacyPortalAway('away');
    };
    await waiting.job.run();
    expect([tries, waiting.logged]).toEqual([8, []]);
  });

  it('goes on with all where the first that is let through again succeeds', async () => {
    const waiting = new Waiting(30, 8);
    let away = 7;
    waiting.answer = (logoutId) => {
      if (logoutId !== 'l-0' && away > 0) {
        away -= 1;
        throw new LegacyPortalAway('half open');
      }
      return 'Over';
    };
    await waiting.job.run();
    expect(new Set(waiting.sent).size).toBe(30);
  });

  it('goes on where one cannot be dealt with, and not where the store is away', async () => {
    const waiting = new Waiting(10, 10);
    waiting.answer = (logoutId) => {
      if (logoutId === 'l-3') throw new Error('its stream cannot be read');
      return 'Unacknowledged';
    };
    await waiting.job.run();
    expect([waiting.sent.length, waiting.logged.length]).toEqual([9, 1]);
    waiting.answer = () => {
      throw new StoreUnavailable('away');
    };
    await expect(waiting.job.run()).rejects.toThrow(StoreUnavailable);
  });
});
