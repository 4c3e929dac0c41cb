import { Body, Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import type { LegacyAccount } from '../domain/legacy-account/legacy-account.js';
import { RequestLegacyReset } from '../commands/request-legacy-reset.js';
import { ShowLegacyAccount, type ShownLegacyAccount } from '../commands/show-legacy-account.js';
import type { CommandContext } from '../engine/streams.js';
import { Clock, type Position } from '../ports.js';
import {
  legacySyncFailures,
  ListLegacySyncFailures,
  type LegacySyncFailurePage,
} from '../projections/legacy-sync-failures.js';
import { Staff } from './access.js';
import { Context } from './command-context.js';
import { Answers, Refuses } from './describe.js';
import { LegacyUserIdField, PageQuery, ReasonInput } from './fields.js';
import { AsOf, FreshViews } from './fresh-views.js';
import * as answers from './legacy-desk-answers.js';
import { shownFailures, shownLegacyAccount, shownResets } from './legacy-desk-presentation.js';
import { LegacyIdParam } from './legacy-id-param.js';
import { Looks } from './looks.js';
import type { PortalRequest } from './portal-request.js';

class LookupInput {
  @LegacyUserIdField()
  legacyUserId!: string;
}

class LegacyResetInput extends ReasonInput {
  @ApiProperty({ required: false })
  @ValidateIf((_input, value) => value !== undefined)
  @LegacyUserIdField()
  legacyUserId?: string;
}

/** The ACE Service Desk helps people whose legacy login does not work. It never sees a password, and never sets one. */
@ApiTags('ACE Service Desk')
@Controller()
@Staff('serviceDesk')
export class ServiceDeskController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly views: FreshViews,
    private readonly clock: Clock,
    private readonly looks: Looks,
  ) {}

  /** By POST: a user id never stands in an address, which proxies and browsers keep. */
  @Post('legacy-accounts/lookups')
  @Answers(200, answers.legacyAccount)
  @Refuses('LegacyAccountUnknown', 'Busy')
  @ApiOperation({ summary: 'Find a legacy account by its user id. The look is recorded' })
  lookUp(
    @Body() { legacyUserId }: LookupInput,
    @Req() request: PortalRequest,
    @Context() context: CommandContext,
  ) {
    return this.show(new ShowLegacyAccount({ legacyUserId }), request, context);
  }

  @Get('legacy-accounts/:id')
  @Answers(200, answers.legacyAccount)
  @Refuses('LegacyAccountUnknown', 'Busy')
  @ApiOperation({
    summary:
      'A legacy account: status, whose it is, whether it was synced, failed syncs, open reset. The look is recorded',
  })
  byId(
    @Param('id', LegacyIdParam) legacyAccountId: string,
    @Req() request: PortalRequest,
    @Context() context: CommandContext,
  ) {
    return this.show(new ShowLegacyAccount({ legacyAccountId }), request, context);
  }

  @Post('legacy-accounts/:id/resets')
  @Answers(202, answers.resetRequested)
  @Refuses(
    'LegacyAccountUnknown',
    'LegacyAccountNotActive',
    'LegacyEmailMissing',
    'LegacyResetElsewhere',
    'LegacyPortalAway',
  )
  @ApiOperation({
    summary:
      'Send the user of a legacy account a reset: by mail to the address on file, or from the legacy portal',
  })
  async reset(
    @Param('id', LegacyIdParam) legacyAccountId: string,
    @Body() { reason, legacyUserId }: LegacyResetInput,
    @Context() context: CommandContext,
  ) {
    const command = new RequestLegacyReset(legacyAccountId, legacyUserId, reason, context);
    const account = await this.commands.execute<RequestLegacyReset, LegacyAccount>(command);
    const shown = shownResets(account, this.clock.now());
    const nextSteps = shown.openReset === null ? [askedPortal] : [linkGoesOut, onlyOne];
    return { legacyAccountId, ...shown, nextSteps };
  }

  @Get('legacy-sync-failures')
  @Answers(200, answers.syncFailures)
  @Refuses('Busy')
  @ApiOperation({
    summary: 'Legacy accounts whose last syncs failed, the latest first. The look is recorded',
  })
  async failures(
    @Query() { limit, cursor }: PageQuery,
    @AsOf() asOf: Position | null,
    @Req() request: PortalRequest,
    @Context() context: CommandContext,
  ) {
    await this.views.wait(legacySyncFailures.name, asOf);
    const query = new ListLegacySyncFailures(limit, cursor);
    const page = await this.queries.execute<ListLegacySyncFailures, LegacySyncFailurePage>(query);
    const accounts = page.failures.length;
    await this.looks.record({ type: 'LegacySyncFailuresListed', data: { accounts } }, request, context);
    return shownFailures(page, this.clock.now());
  }

  private async show(query: ShowLegacyAccount, request: PortalRequest, context: CommandContext) {
    const found = await this.queries.execute<ShowLegacyAccount, ShownLegacyAccount>(query);
    const { legacyAccountId } = found;
    await this.looks.record({ type: 'LegacyAccountChecked', data: { legacyAccountId } }, request, context);
    return shownLegacyAccount(found, this.clock.now());
  }
}

const linkGoesOut =
  'A link goes to the e-mail address on file, by which the user sets a password. Confirm the address with the caller.';
const onlyOne =
  'Asking again within five minutes sends nothing; later it sends the same link, which works once.';
const askedPortal = 'The legacy portal was asked, and tells its user how to go on.';
