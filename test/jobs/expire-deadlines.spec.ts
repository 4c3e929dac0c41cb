import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import { RandomIds } from '../../src/adapters/system.js';
import type { ExpireDeadlines } from '../../src/commands/expire-deadlines.js';
import { ExpireDeadlinesJob } from '../../src/jobs/expire-deadlines.js';
import { LeadWatch } from '../../src/engine/lead-watch.js';
import { StoreUnavailable } from '../../src/ports.js';
import type { DueAccounts, ListDueAccounts } from '../../src/projections/account-view.js';
import { FixedClock } from '../support/counters.js';

/** Accounts that stay due whatever is done, and a note of what was done. */
class DueForEver {
  readonly expired: string[] = [];
  readonly logged: unknown[] = [];
  onExpire: (accountId: string) => void = () => undefined;
  readonly job: ExpireDeadlinesJob;
  held = true;
  private readonly lead = new LeadWatch({
    lead: (work, signal) => work({ signal, isHeld: () => this.held }),
  });

  constructor(accounts: readonly string[]) {
    const commands = {
      execute: async ({ accountId }: ExpireDeadlines) => {
        this.onExpire(accountId);
        this.expired.push(accountId);
      },
    };
    const queries = {
      execute: async ({ limit, cursor }: ListDueAccounts): Promise<DueAccounts> => {
        const from = Number(cursor ?? 0);
        const next = from + limit < accounts.length ? String(from + limit) : null;
        return { accountIds: accounts.slice(from, from + limit), next };
      },
    };
    this.job = new ExpireDeadlinesJob(
      commands as unknown as CommandBus,
      queries as unknown as QueryBus,
      new FixedClock(),
      new RandomIds(),
      { failed: (_, error) => this.logged.push(error) },
      this.lead,
    );
    this.lead.start();
  }
}

describe('the job that makes deadlines happen on time', () => {
  it('goes on to the next account where one cannot be dealt with, and tells of it', async () => {
    const due = new DueForEver(['a', 'b', 'c']);
    const unreadable = new Error('an event of b cannot be read');
    due.onExpire = (accountId) => {
      if (accountId === 'b') throw unreadable;
    };
    expect(await due.job.run()).toBe(3);
    expect(due.expired).toEqual(['a', 'c']);
    expect(due.logged).toEqual([unreadable]);
  });

  it('reaches those behind hundreds that stay due', async () => {
    const accounts = Array.from({ length: 450 }, (_, index) => `account-${index}`);
    const due = new DueForEver(accounts);
    expect(await due.job.run()).toBe(450);
    expect(due.expired).toEqual(accounts);
  });

  it('gives up where the store is away, until the next time', async () => {
    const due = new DueForEver(['a', 'b']);
    due.onExpire = () => {
      throw new StoreUnavailable('away');
    };
    await due.job.tick();
    expect([due.expired, due.logged]).toEqual([[], [expect.any(StoreUnavailable)]]);
    due.onExpire = () => undefined;
    await due.job.tick();
    expect(due.expired).toEqual(['a', 'b']);
  });

  it('runs at the instance that leads, and ends where that passes on', async () => {
    const due = new DueForEver(['a', 'b', 'c']);
    due.held = false;
    await due.job.tick();
    expect(due.expired).toEqual([]);
    due.held = true;
    due.onExpire = (accountId) => {
      if (accountId === 'b') due.held = false;
    };
    await due.job.tick();
    expect(due.expired).toEqual(['a', 'b']);
  });

  it('runs once at a time, and not at all once it was stopped', async () => {
    const due = new DueForEver(['a']);
    await Promise.all([due.job.tick(), due.job.tick()]);
    expect(due.expired).toEqual(['a']);
    await due.job.stop();
    await due.job.tick();
    expect(due.expired).toEqual(['a']);
  });
});
