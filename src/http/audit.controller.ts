import { Body, Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { RecordAccess } from '../commands/record-access.js';
import type { accessEvents } from '../domain/access/access.js';
import { InvalidInput } from '../domain/account/input-rules.js';
import type { NewEvent } from '../domain/events.js';
import { RecentMap } from '../engine/recent-map.js';
import type { CommandContext } from '../engine/streams.js';
import { Clock, type Instant, type Position } from '../ports.js';
import { ReadAccountEvents, ReadLogEvents, type AuditedEvent } from '../projections/audit-trail.js';
import { Staff } from './access.js';
import * as answers from './answers.js';
import { Context } from './command-context.js';
import { Answers } from './describe.js';
import { LimitQuery, PageQuery, ReasonInput } from './fields.js';
import { IdParam } from './id-param.js';
import type { PortalRequest } from './portal-request.js';
import { iso } from './presentation.js';

const positionDetail = { message: 'must be a position as this service gave it' };
const cursorDetail = { message: 'must be as “next” returned it' };
/** One record stands for all pages of one export that follow within this time: else reading would never reach the end. */
const EXPORT_RECORDED_EVERY_MS = 10 * 60_000;

class RevisionQuery extends PageQuery {
  @IsOptional()
  @Matches(/^\d{1,15}$/, cursorDetail)
  declare cursor?: string;
}

class LogQuery extends LimitQuery {
  @ApiProperty({
    type: String,
    required: false,
    description: 'A position: events after it. “next” of the page before',
  })
  @IsOptional()
  @Matches(/^[0-9a-zA-Z/:_-]{1,64}$/, positionDetail)
  after?: string;
}

class RevelationInput extends ReasonInput {
  @ApiProperty({ type: String, required: false, description: '“next” of the page before' })
  @IsOptional()
  @Matches(/^\d{1,15}$/, cursorDetail)
  cursor?: string;
}

const REVEALED_PAGE = 200;

@ApiTags('Audit')
@Controller('audit')
@Staff('auditor')
export class AuditController {
  private readonly exports = new RecentMap<string, Instant>(1_000);

  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
  ) {}

  @Get('accounts/:id/events')
  @Answers(200, answers.auditedEvents)
  @ApiOperation({
    summary: 'All events of one account, oldest first, without personal values. The look is recorded',
  })
  async accountEvents(
    @Param('id', IdParam) accountId: string,
    @Query() { limit, cursor }: RevisionQuery,
    @Req() request: PortalRequest,
    @Context() context: CommandContext,
  ) {
    await this.recordExport(request, context, { type: 'HistoryExported', data: { accountId } });
    return this.page(accountId, Number(cursor ?? 0), limit, false);
  }

  @Post('accounts/:id/revelations')
  @Answers(200, answers.auditedEvents)
  @ApiOperation({ summary: 'The same with personal values, for a reason, which is recorded first' })
  async reveal(
    @Param('id', IdParam) accountId: string,
    @Body() { reason, cursor }: RevelationInput,
    @Req() request: PortalRequest,
    @Context() context: CommandContext,
  ) {
    const look = { type: 'PersonalDataRevealed', data: { accountId, reason } } as const;
    await this.commands.execute(new RecordAccess(request.caller!.accountId, look, context));
    return this.page(accountId, Number(cursor ?? 0), REVEALED_PAGE, true);
  }

  @Get('events')
  @Answers(200, answers.auditedEvents)
  @ApiOperation({ summary: 'The whole log after a position, oldest first, without personal values' })
  async logEvents(
    @Query() { limit, after: position }: LogQuery,
    @Req() request: PortalRequest,
    @Context() context: CommandContext,
  ) {
    const after = position ?? null;
    const events = await this.eventsAfter(after, limit);
    await this.recordExport(request, context, { type: 'HistoryExported', data: {} });
    return { events: events.map(shown), next: events.at(-1)?.position ?? after };
  }

  private async eventsAfter(after: Position | null, limit: number): Promise<AuditedEvent[]> {
    try {
      return await this.queries.execute<ReadLogEvents, AuditedEvent[]>(new ReadLogEvents(after, limit));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new InvalidInput([{ pointer: '#/query/after', detail: positionDetail.message }]);
    }
  }

  private async page(accountId: string, from: number, limit: number, reveal: boolean) {
    const query = new ReadAccountEvents(accountId, from, limit, reveal);
    const events = await this.queries.execute<ReadAccountEvents, AuditedEvent[]>(query);
    return { events: events.map(shown), next: events.length < limit ? null : String(from + events.length) };
  }

  private async recordExport(
    request: PortalRequest,
    context: CommandContext,
    look: NewEvent<typeof accessEvents>,
  ): Promise<void> {
    const { accountId: staffId, session } = request.caller!;
    const which = `${session.id} ${JSON.stringify(look.data)}`;
    const now = this.clock.now();
    if (now - (this.exports.get(which) ?? Number.NEGATIVE_INFINITY) < EXPORT_RECORDED_EVERY_MS) return;
    await this.commands.execute(new RecordAccess(staffId, look, context));
    this.exports.set(which, now);
  }
}

const shown = ({ meta: { at, ...meta }, ...event }: AuditedEvent) => ({
  ...event,
  at: iso(at),
  ...meta,
});
