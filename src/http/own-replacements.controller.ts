import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AttachEvidence } from '../commands/attach-evidence.js';
import { ReplacementRules } from '../commands/replacement-rules.js';
import { ShowOwnerReplacement } from '../commands/show-owner-replacement.js';
import { WithdrawOwnerReplacement } from '../commands/withdraw-owner-replacement.js';
import type { Application } from '../domain/owner-replacement/owner-replacement.js';
import type { CommandContext, Current } from '../engine/streams.js';
import type { Position } from '../ports.js';
import {
  ListOwnerReplacements,
  ownerReplacements,
  type OwnerReplacementPage,
} from '../projections/owner-replacements.js';
import { SignedIn } from './access.js';
import { Context } from './command-context.js';
import { Answers, Refuses } from './describe.js';
import { PageQuery } from './fields.js';
import { fileOf, fileRefusals, TakesFile } from './file-body.js';
import { AsOf, FreshViews } from './fresh-views.js';
import { IdParam } from './id-param.js';
import type { PortalRequest } from './portal-request.js';
import * as answers from './replacement-answers.js';
import { ReplacementCommands } from './replacement-commands.js';
import { DesignationInput, LetterInput } from './replacement-input.js';
import { shownApplication, shownPage } from './replacement-presentation.js';

@ApiTags('Account owner replacement')
@Controller('me/owner-replacements')
@SignedIn()
export class OwnReplacementsController {
  constructor(
    private readonly replacements: ReplacementCommands,
    private readonly queries: QueryBus,
    private readonly views: FreshViews,
    private readonly rules: ReplacementRules,
  ) {}

  @Post('designations')
  @Answers(201, answers.changed, 'Consistency-Token')
  @Refuses(
    'TradeAccountMismatch',
    'CorrectionUnknown',
    'TooManyApplications',
    'TradeAccountContested',
    'TooManyRequests',
  )
  @ApiOperation({
    summary: 'Form A, for Broker, Importer, Carrier, FTZ, Facility Operator and Surety accounts',
  })
  designate(
    @Body() input: DesignationInput,
    @Req() request: PortalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    const by = { applicantId: request.caller!.accountId };
    return this.replacements.submit({ form: 'A', ...input }, by, reply, context);
  }

  @Post('letters')
  @Answers(201, answers.changed, 'Consistency-Token')
  @Refuses(
    'TradeAccountMismatch',
    'CorrectionUnknown',
    'TooManyApplications',
    'TradeAccountContested',
    'TooManyRequests',
  )
  @ApiOperation({
    summary: 'Form B, for Exporter and Protest Filer accounts; the letterhead is attached next',
  })
  write(
    @Body() input: LetterInput,
    @Req() request: PortalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    const by = { applicantId: request.caller!.accountId };
    return this.replacements.submit({ form: 'B', ...input }, by, reply, context);
  }

  @Get()
  @Answers(200, answers.applications)
  @ApiOperation({ summary: 'Your applications, newest first' })
  async list(@Req() request: PortalRequest, @Query() page: PageQuery, @AsOf() asOf: Position | null) {
    await this.views.wait(ownerReplacements.name, asOf);
    const query = new ListOwnerReplacements({ by: request.caller!.accountId }, page.limit, page.cursor);
    return shownPage(await this.queries.execute<ListOwnerReplacements, OwnerReplacementPage>(query));
  }

  @Get(':id')
  @Answers(200, answers.application)
  @Refuses('ApplicationUnknown')
  @ApiOperation({ summary: 'One of your applications, as it stands' })
  async byId(@Param('id', IdParam) id: string, @Req() request: PortalRequest) {
    const query = new ShowOwnerReplacement(id, request.caller!.accountId);
    const current = await this.queries.execute<ShowOwnerReplacement, Current<Application>>(query);
    return shownApplication(id, current, this.rules);
  }

  @Post(':id/evidence')
  @TakesFile()
  @Answers(201, answers.changed, 'Consistency-Token')
  @Refuses('ApplicationUnknown', 'ApplicationClosed', 'TooMuchEvidence', ...fileRefusals)
  @ApiOperation({ summary: 'Attach the letterhead: a PDF or an image, sent as it stands' })
  attach(
    @Param('id', IdParam) id: string,
    @Req() request: PortalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    const command = new AttachEvidence(id, request.caller!.accountId, fileOf(request), context);
    return this.replacements.change(command, id, reply);
  }

  @Post(':id/withdrawals')
  @Answers(201, answers.changed, 'Consistency-Token')
  @Refuses('ApplicationUnknown', 'ApplicationClosed')
  @ApiOperation({ summary: 'Take your application back' })
  withdraw(
    @Param('id', IdParam) id: string,
    @Req() request: PortalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    const command = new WithdrawOwnerReplacement(id, request.caller!.accountId, context);
    return this.replacements.change(command, id, reply);
  }
}
