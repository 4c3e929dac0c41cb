import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApproveOwnerReplacement } from '../commands/approve-owner-replacement.js';
import { ReplacementRules } from '../commands/replacement-rules.js';
import { ReviewOwnerReplacement } from '../commands/review-owner-replacement.js';
import { ShowOwnerReplacement } from '../commands/show-owner-replacement.js';
import type { Application } from '../domain/owner-replacement/owner-replacement.js';
import type { CommandContext, Current } from '../engine/streams.js';
import type { Position } from '../ports.js';
import {
  ListOwnerReplacements,
  ownerReplacements,
  type OwnerReplacementPage,
} from '../projections/owner-replacements.js';
import { Staff, StaffSteppedUp } from './access.js';
import { Context } from './command-context.js';
import { Answers, Refuses } from './describe.js';
import { PageQuery, ReasonInput } from './fields.js';
import { AsOf, FreshViews } from './fresh-views.js';
import { IdParam } from './id-param.js';
import { Looks } from './looks.js';
import type { PortalRequest } from './portal-request.js';
import * as answers from './replacement-answers.js';
import { ReplacementCommands } from './replacement-commands.js';
import { reviewedApplication, shownPage } from './replacement-presentation.js';

/** What keeps an application from being approved, for now or for good. */
const notYet = [
  'OwnerObjects',
  'WaitNotOver',
  'NewOwnerWithoutLogin',
  'NewOwnerSuspended',
  'AlreadyOwner',
  'OwnerChanged',
];

/** The ACE Application team reviews applications, those of its own members excepted. */
@ApiTags('ACE Application team')
@Controller('owner-replacements')
@Staff('applicationTeam')
export class ReplacementReviewsController {
  constructor(
    private readonly replacements: ReplacementCommands,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly views: FreshViews,
    private readonly rules: ReplacementRules,
    private readonly looks: Looks,
  ) {}

  @Get()
  @Answers(200, answers.applications)
  @ApiOperation({ summary: 'Open applications, those that wait longest first' })
  async list(@Query() page: PageQuery, @AsOf() asOf: Position | null) {
    await this.views.wait(ownerReplacements.name, asOf);
    const query = new ListOwnerReplacements('open', page.limit, page.cursor);
    return shownPage(await this.queries.execute<ListOwnerReplacements, OwnerReplacementPage>(query));
  }

  @Get(':id')
  @Answers(200, answers.reviewedApplication)
  @Refuses('ApplicationUnknown', 'Busy')
  @ApiOperation({ summary: 'An application with all that it says. The look is recorded' })
  async byId(
    @Param('id', IdParam) id: string,
    @Req() request: PortalRequest,
    @Context() context: CommandContext,
  ) {
    const query = new ShowOwnerReplacement(id, null);
    const current = await this.queries.execute<ShowOwnerReplacement, Current<Application>>(query);
    const look = { type: 'ApplicationChecked', data: { applicationId: id } } as const;
    await this.looks.record(look, request, context);
    return reviewedApplication(id, current, this.rules);
  }

  @Post(':id/reviews')
  @Answers(201, answers.changed, 'Consistency-Token')
  @Refuses('ApplicationUnknown', 'ApplicationClosed', 'OwnApplication', 'ReviewStarted', 'EvidenceMissing')
  @ApiOperation({ summary: 'Take an application for review. A new owner without a login is invited' })
  take(
    @Param('id', IdParam) id: string,
    @Req() request: PortalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    return this.review(id, 'take', request, reply, context);
  }

  @Post(':id/returns')
  @Answers(201, answers.changed, 'Consistency-Token')
  @Refuses('ApplicationUnknown', 'ApplicationClosed', 'OwnApplication', 'ReviewNotStarted')
  @ApiOperation({ summary: 'Return an application to the applicant, who is told the reasons' })
  return(
    @Param('id', IdParam) id: string,
    @Body() { reason }: ReasonInput,
    @Req() request: PortalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    return this.review(id, { returnFor: reason }, request, reply, context);
  }

  @Post(':id/rejections')
  @Answers(201, answers.changed, 'Consistency-Token')
  @Refuses('ApplicationUnknown', 'ApplicationClosed', 'OwnApplication', 'ReviewNotStarted')
  @ApiOperation({ summary: 'Reject an application; the applicant is told the reasons' })
  reject(
    @Param('id', IdParam) id: string,
    @Body() { reason }: ReasonInput,
    @Req() request: PortalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    return this.review(id, { rejectFor: reason }, request, reply, context);
  }

  @Post(':id/approvals')
  @StaffSteppedUp('applicationTeam')
  @Answers(201, answers.approved, 'Consistency-Token')
  @Refuses('ApplicationUnknown', 'ApplicationClosed', 'OwnApplication', 'ReviewNotStarted', ...notYet)
  @ApiOperation({ summary: 'Approve an application; with the second approval the account has its new owner' })
  async approve(
    @Param('id', IdParam) id: string,
    @Req() request: PortalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    const command = new ApproveOwnerReplacement(id, request.caller!.accountId, context);
    const { state, revision, position } = await this.commands.execute<
      ApproveOwnerReplacement,
      Current<Application>
    >(command);
    this.views.mark(reply, position);
    return { applicationId: id, revision, status: state.status };
  }

  private review(
    id: string,
    act: ReviewOwnerReplacement['act'],
    request: PortalRequest,
    reply: FastifyReply,
    context: CommandContext,
  ) {
    const command = new ReviewOwnerReplacement(id, request.caller!.accountId, act, context);
    return this.replacements.change(command, id, reply);
  }
}
