import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Interval } from '@nestjs/schedule';
import { LegacyLogoutTokens } from '../commands/legacy-logout-tokens.js';
import { SendLegacyLogout, type LegacyLogoutOutcome } from '../commands/send-legacy-logout.js';
import { LeadWatch } from '../engine/lead-watch.js';
import { Clock, Ids, LegacyPortalAway, StoreUnavailable } from '../ports.js';
import {
  ListDueLegacyLogouts,
  ListLegacyLogouts,
  type LegacyLogoutPage,
  type LegacyLogoutView,
} from '../projections/legacy-logouts.js';
import { JobLog } from './job-log.js';
import { LedJob } from './led-job.js';

const EVERY_MS = 5_000;
/** So many are under way at a time. */
const PAGE = 8;

/** Tries unacknowledged logouts again. Holds no rule: whether one is still to be sent, and how long to wait, its stream decides. */
@Injectable()
export class RetryLegacyLogoutsJob extends LedJob {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly tokens: LegacyLogoutTokens,
    private readonly clock: Clock,
    private readonly ids: Ids,
    log: JobLog,
    lead: LeadWatch,
  ) {
    super('retry-legacy-logouts', log, lead);
  }

  @Interval(EVERY_MS)
  tick(): Promise<void> {
    return this.turn();
  }

  /** Those that are due; and once the legacy portal acknowledges one that it did not before, all the others. Throws
   *  `StoreUnavailable`. */
  async run(goesOn: () => boolean = () => true): Promise<void> {
    if (this.tokens.clientId === null) return;
    const now = this.clock.now();
    const due = (cursor?: string) => new ListDueLegacyLogouts(now, PAGE, cursor);
    const isBack = await this.tryAll(due, goesOn);
    if (isBack) await this.tryAll((cursor) => new ListLegacyLogouts(PAGE, cursor), goesOn);
  }

  /** True when one that had failed before is over now. */
  private async tryAll(
    pageFrom: (cursor?: string) => ListDueLegacyLogouts | ListLegacyLogouts,
    goesOn: () => boolean,
  ): Promise<boolean> {
    let isBack = false;
    let cursor: string | undefined;
    do {
      if (!goesOn()) return false;
      const query = pageFrom(cursor);
      const { logouts, next } = await this.queries.execute<typeof query, LegacyLogoutPage>(query);
      const outcomes = await Promise.all(logouts.map((logout) => this.send(logout)));
      isBack ||= logouts.some(({ failures }, index) => failures > 0 && outcomes[index] === 'Over');
      // Nobody is asked while the portal answers nobody: the rest would only be turned away here.
      if (outcomes.includes('Away')) return isBack;
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    return isBack;
  }

  private async send({
    legacyAccountId,
    logoutId,
  }: LegacyLogoutView): Promise<LegacyLogoutOutcome | 'Away' | 'Failed'> {
    const commandId = this.ids.next();
    const actor = { kind: 'system', id: 'retry-legacy-logouts', role: null } as const;
    const context = { commandId, actor, correlationId: commandId, causationId: commandId };
    try {
      return await this.commands.execute(new SendLegacyLogout(legacyAccountId, logoutId, context));
    } catch (error) {
      if (error instanceof LegacyPortalAway) return 'Away';
      if (error instanceof StoreUnavailable) throw error;
      // One that cannot be dealt with must not keep all others from being sent.
      this.log.failed('retry-legacy-logouts', error);
      return 'Failed';
    }
  }
}
