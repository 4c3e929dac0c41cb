import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Interval } from '@nestjs/schedule';
import { ExpireDeadlines } from '../commands/expire-deadlines.js';
import { LeadWatch } from '../engine/lead-watch.js';
import { Clock, Ids, StoreUnavailable } from '../ports.js';
import { ListDueAccounts, type DueAccounts } from '../projections/account-view.js';
import { JobLog } from './job-log.js';
import { LedJob } from './led-job.js';

const EVERY_MS = 5_000;
const PAGE = 200;

/** Makes links, registrations and timed locks end on time. Holds no rule: what is due, the account decides. */
@Injectable()
export class ExpireDeadlinesJob extends LedJob {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
    private readonly ids: Ids,
    log: JobLog,
    lead: LeadWatch,
  ) {
    super('expire-deadlines', log, lead);
  }

  @Interval(EVERY_MS)
  tick(): Promise<void> {
    return this.turn();
  }

  /** Sends a command for each account for which something is due by now, and returns how many. Throws `StoreUnavailable`. */
  async run(goesOn: () => boolean = () => true): Promise<number> {
    const now = this.clock.now();
    let count = 0;
    let cursor: string | null = null;
    do {
      const query: ListDueAccounts = new ListDueAccounts(now, PAGE, cursor);
      const due = await this.queries.execute<ListDueAccounts, DueAccounts>(query);
      for (const accountId of due.accountIds) {
        if (!goesOn()) return count;
        await this.expire(accountId);
        count += 1;
      }
      cursor = due.next;
    } while (cursor !== null);
    return count;
  }

  private async expire(accountId: string): Promise<void> {
    const commandId = this.ids.next();
    const actor = { kind: 'system', id: 'expire-deadlines', role: null } as const;
    const context = { commandId, actor, correlationId: commandId, causationId: commandId };
    try {
      await this.commands.execute(new ExpireDeadlines(accountId, context));
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      // An account that cannot be dealt with must not keep all others from their deadlines.
      this.log.failed('expire-deadlines', error);
    }
  }
}
