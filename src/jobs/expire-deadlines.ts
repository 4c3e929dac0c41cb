import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Interval } from '@nestjs/schedule';
import { ExpireDeadlines } from '../commands/expire-deadlines.js';
import { Clock, Ids } from '../ports.js';
import { ListDueAccounts } from '../projections/account-view.js';
import { JobLog } from './job-log.js';

const EVERY_MS = 5_000;
const ACCOUNTS_MAX = 200;

/** Makes links, registrations and timed locks end on time. Holds no rule: what is due, the account decides. */
@Injectable()
export class ExpireDeadlinesJob {
  private running: Promise<number> | null = null;
  private stopped = false;

  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly log: JobLog,
  ) {}

  @Interval(EVERY_MS)
  async tick(): Promise<void> {
    if (this.stopped || this.running !== null) return;
    this.running = this.run();
    try {
      await this.running;
    } catch (error) {
      // The next tick finds the same accounts again.
      this.log.failed('expire-deadlines', error);
    } finally {
      this.running = null;
    }
  }

  /** Sends a command for each account for which something is due by now, and returns how many. */
  async run(): Promise<number> {
    const due = await this.queries.execute<ListDueAccounts, string[]>(
      new ListDueAccounts(this.clock.now(), ACCOUNTS_MAX),
    );
    for (const accountId of due) {
      if (this.stopped) break;
      const commandId = this.ids.next();
      await this.commands.execute(
        new ExpireDeadlines(accountId, {
          commandId,
          actor: { kind: 'system', id: 'expire-deadlines', role: null },
          correlationId: commandId,
          causationId: commandId,
        }),
      );
    }
    return due.length;
  }

  /** Begins nothing new and waits for the account at hand. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running?.catch(() => 0);
  }
}
