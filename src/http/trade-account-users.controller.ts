import { Body, Controller, Delete, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CreateIndividualUser, type CreatedUser } from '../commands/create-individual-user.js';
import { ListTradeAccountUsers, type TradeAccountUserPage } from '../commands/list-trade-account-users.js';
import { RemoveTradeAccountUser } from '../commands/remove-trade-account-user.js';
import type { ShownUser } from '../commands/shown-user.js';
import type { CommandContext } from '../engine/streams.js';
import type { Position } from '../ports.js';
import { SignedIn } from './access.js';
import { Context } from './command-context.js';
import { Answers, Refuses } from './describe.js';
import { EmailField, PageQuery, PermissionsField, TextField } from './fields.js';
import { FreshViews } from './fresh-views.js';
import { IdParam, UserIdParam } from './id-param.js';
import type { PortalRequest } from './portal-request.js';
import { iso } from './presentation.js';
import * as answers from './trade-account-answers.js';
import { UserAccess } from './user-access.js';

class IndividualUserInput {
  @EmailField()
  email!: string;

  @TextField(100, 'Given name')
  givenName!: string;

  @TextField(100, 'Family name')
  familyName!: string;

  @PermissionsField('What the user may do: permissions that you have yourself')
  permissions!: string[];
}

/** The Account Owner’s: the trade account's own stream says who that is. */
@ApiTags('Trade accounts')
@Controller('me/trade-accounts/:id/users')
@SignedIn()
export class TradeAccountUsersController {
  constructor(
    private readonly access: UserAccess,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly views: FreshViews,
  ) {}

  @Get()
  @Answers(200, answers.tradeAccountUsers)
  @Refuses('TradeAccountUnknown', 'NotAccountOwner')
  @ApiOperation({ summary: 'Who may use a trade account of yours, and what they may do there' })
  async list(@Param('id', IdParam) id: string, @Req() request: PortalRequest, @Query() page: PageQuery) {
    const query = new ListTradeAccountUsers(id, request.caller!.accountId, page.limit, page.cursor);
    const found = await this.queries.execute<ListTradeAccountUsers, TradeAccountUserPage>(query);
    return { users: found.users.map(shown), next: found.next };
  }

  @Post()
  @SignedIn({ stepUp: true })
  @Answers(201, answers.tradeAccountUser, 'Consistency-Token')
  @Refuses(
    'TradeAccountUnknown',
    'NotAccountOwner',
    'UserAccessElsewhere',
    'UserPending',
    'TooManyPendingUsers',
    'UserUnknown',
    'TooManyRequests',
  )
  @ApiOperation({ summary: 'Create an individual user, who then sets a legacy password by mailed link' })
  async create(
    @Param('id', IdParam) id: string,
    @Body() input: IndividualUserInput,
    @Req() request: PortalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    this.access.refuseElsewhere();
    const command = new CreateIndividualUser(id, request.caller!.accountId, input, context);
    const { user, position } = await this.commands.execute<CreateIndividualUser, CreatedUser>(command);
    this.views.mark(reply, position);
    return shown(user);
  }

  @Delete(':userId')
  @SignedIn({ stepUp: true })
  @Answers(204, null, 'Consistency-Token')
  @Refuses(
    'TradeAccountUnknown',
    'NotAccountOwner',
    'UserAccessElsewhere',
    'UserUnknown',
    'AccountOwnerStays',
  )
  @ApiOperation({ summary: 'Take a user’s access away, also from one who has not synced yet' })
  async remove(
    @Param('id', IdParam) id: string,
    @Param('userId', UserIdParam) userId: string,
    @Req() request: PortalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ): Promise<void> {
    this.access.refuseElsewhere();
    const command = new RemoveTradeAccountUser(id, request.caller!.accountId, userId, context);
    this.views.mark(reply, await this.commands.execute<RemoveTradeAccountUser, Position | null>(command));
  }
}

const shown = ({ since, ...user }: ShownUser) => ({ ...user, since: iso(since) });
