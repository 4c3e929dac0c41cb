import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Interval } from '@nestjs/schedule';
import { v5 } from 'uuid';
import { LegacyPortalState } from '../commands/legacy-portal-state.js';
import { RetireLegacyPortal } from '../commands/retire-legacy-portal.js';
import { TellLegacyRetirement } from '../commands/tell-legacy-retirement.js';
import type { LegacyPortal } from '../domain/legacy-portal/legacy-portal.js';
import { LeadWatch } from '../engine/lead-watch.js';
import { LiveProjections } from '../engine/live-projections.js';
import type { CommandContext } from '../engine/streams.js';
import { pause } from '../engine/waiting.js';
import { StoreUnavailable, type Position } from '../ports.js';
import {
  CountUnsentNotices,
  legacyRetirementNotices,
  ListUntoldAccounts,
  type UntoldAccounts,
} from '../projections/legacy-retirement-notices.js';
import { JobLog } from './job-log.js';
import { LedJob } from './led-job.js';

const EVERY_MS = 5_000;
const PAGE = 25;
/** Of a million mails no more than so many stand before somebody's reset link. */
const UNSENT_MAX = 100;
const PAUSE_MS = 100;
const VIEW_MS = 5_000;
const NAMESPACE = 'b1f6c3f0-5c39-4d5e-9d26-7a0a2f3f0c61';

/** Has every synced account told of the legacy portal's retirement, a page at a time. Holds no rule: who knows already, and what is
 *  to be said, the accounts and the legacy portal's stream decide. */
@Injectable()
export class TellLegacyRetirementJob extends LedJob {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly legacyPortal: LegacyPortalState,
    private readonly live: LiveProjections,
    log: JobLog,
    lead: LeadWatch,
  ) {
    super('tell-legacy-retirement', log, lead);
  }

  @Interval(EVERY_MS)
  tick(): Promise<void> {
    return this.turn();
  }

  /** Goes once through all who are listed. Throws `StoreUnavailable`. */
  async run(goesOn: () => boolean = () => true): Promise<void> {
    const { state: portal, position } = await this.legacyPortal.current();
    if (portal.notice === 0 || portal.retiredAt !== null || !(await this.isSeen(position))) return;
    let failures = 0;
    let listed = 0;
    let cursor: string | null = null;
    do {
      if (!(await this.hasRoom(goesOn)) || !(await this.isStill(portal.notice))) return;
      const page: UntoldAccounts = await this.untold(portal, cursor);
      const told = await Promise.all(page.accountIds.map((accountId) => this.tell(accountId, portal)));
      failures += told.filter((at) => at === 'Failed').length;
      listed += told.length;
      // What was asked for just now counts among the unsent ones from here on.
      const latest = told.reduce<Position | null>(later, null);
      if (latest !== null && !(await this.isSeen(latest))) return;
      cursor = page.next;
    } while (cursor !== null);
    if (failures === 0 && listed === 0) await this.conclude(portal);
  }

  /** Nobody is left to be asked for, and no mail is on its way: everybody knows. */
  private async conclude({ notice, retirement }: LegacyPortal): Promise<void> {
    if (retirement === null || retirement.madeKnownAt !== null || (await this.unsent()) > 0) return;
    const context = this.context(`${notice}`);
    await this.commands.execute(new RetireLegacyPortal({ step: 'madeKnown', notice }, context));
  }

  private async tell(
    accountId: string,
    { notice, retirement }: LegacyPortal,
  ): Promise<Position | null | 'Failed'> {
    const context = this.context(`${notice} ${accountId}`);
    const command = new TellLegacyRetirement(accountId, notice, retirement?.retiresAt ?? null, context);
    try {
      return await this.commands.execute<TellLegacyRetirement, Position | null>(command);
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      // An account that cannot be dealt with must not keep all others from being told.
      this.log.failed('tell-legacy-retirement', error);
      return 'Failed';
    }
  }

  private async hasRoom(goesOn: () => boolean): Promise<boolean> {
    while (goesOn()) {
      if ((await this.unsent()) <= UNSENT_MAX - PAGE) return true;
      await pause(PAUSE_MS, this.stopping.signal);
    }
    return false;
  }

  /** Called off, or moved, while this goes on: the next run says what stands then. */
  private async isStill(notice: number): Promise<boolean> {
    return (await this.legacyPortal.now()).notice === notice;
  }

  private untold({ notice, retirement }: LegacyPortal, cursor: string | null): Promise<UntoldAccounts> {
    return this.queries.execute(new ListUntoldAccounts(notice, retirement === null, PAGE, cursor));
  }

  private unsent(): Promise<number> {
    return this.queries.execute(new CountUnsentNotices(UNSENT_MAX));
  }

  private isSeen(position: Position | null): Promise<boolean> {
    return position === null
      ? Promise.resolve(true)
      : this.live.waitFor(legacyRetirementNotices.name, position, VIEW_MS);
  }

  /** The same command, by whichever instance and whenever it is sent. */
  private context(what: string): CommandContext {
    const commandId = v5(what, NAMESPACE);
    const actor = { kind: 'system', id: 'tell-legacy-retirement', role: null } as const;
    return { commandId, actor, correlationId: commandId, causationId: commandId };
  }
}

const later = (latest: Position | null, at: Position | null | 'Failed'): Position | null =>
  at === null || at === 'Failed' || (latest !== null && latest >= at) ? latest : at;
