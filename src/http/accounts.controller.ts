import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus, type ICommand } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { AccountRules } from '../commands/account-rules.js';
import { Emails } from '../commands/emails.js';
import { ReinstateAccount } from '../commands/reinstate-account.js';
import { SuspendAccount } from '../commands/suspend-account.js';
import { UnblockRecovery } from '../commands/unblock-recovery.js';
import { UnlockAccount } from '../commands/unlock-account.js';
import type { SuspensionCause } from '../domain/account/events.js';
import type { CommandContext, Current } from '../engine/streams.js';
import { Clock, type Position } from '../ports.js';
import { accountView, GetAccount, type AccountView } from '../projections/account-view.js';
import { lookers, officers, Staff } from './access.js';
import * as answers from './answers.js';
import { Context } from './command-context.js';
import { Contacts } from './contacts.js';
import { Answers, Refuses, TakesIfMatch } from './describe.js';
import { EmailField, ReasonInput } from './fields.js';
import { AsOf, FreshViews } from './fresh-views.js';
import { IdParam } from './id-param.js';
import { Looks } from './looks.js';
import type { PortalRequest } from './portal-request.js';
import { checkedAccount } from './presentation.js';
import { refuse } from './problem.js';

class EmailQuery {
  @EmailField()
  email!: string;
}

/** Suspensions for a change of company status come from the company, never from here. */
const officersCauses = ['OfficerDecision', 'SecurityConcern'] as const;
const allCauses = [...officersCauses, 'CompanyStatus'] as const;

class SuspensionInput extends ReasonInput {
  @ApiProperty({ enum: officersCauses, required: false, default: 'OfficerDecision' })
  @IsOptional()
  @IsIn(officersCauses, { message: `must be one of ${officersCauses.join(', ')}` })
  cause: SuspensionCause = 'OfficerDecision';
}

class ReinstatementInput extends ReasonInput {
  @ApiProperty({
    enum: allCauses,
    required: false,
    description: 'Which suspension to lift, where there are several',
  })
  @IsOptional()
  @IsIn(allCauses, { message: `must be one of ${allCauses.join(', ')}` })
  cause?: SuspensionCause;
}

@ApiTags('Officers')
@Controller('accounts')
export class AccountsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly emails: Emails,
    private readonly views: FreshViews,
    private readonly contacts: Contacts,
    private readonly rules: AccountRules,
    private readonly clock: Clock,
    private readonly looks: Looks,
  ) {}

  @Get()
  @Staff(...lookers)
  @Answers(200, answers.checkedAccount, 'ETag')
  @Refuses('AccountUnknown', 'Busy')
  @ApiOperation({ summary: 'Look an account up by e-mail address. The look is recorded' })
  async byEmail(
    @Query() { email }: EmailQuery,
    @Req() request: PortalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
    @AsOf() asOf: Position | null,
  ) {
    await this.views.wait(accountView.name, asOf);
    const emailKey = this.emails.keyOf(email);
    const view = await this.queries.execute<GetAccount, AccountView | null>(new GetAccount({ emailKey }));
    return this.show(view, request, reply, context);
  }

  @Get(':id')
  @Staff(...lookers)
  @Answers(200, answers.checkedAccount, 'ETag')
  @Refuses('AccountUnknown', 'Busy')
  @ApiOperation({
    summary: 'An account: status, causes and since when, failed sign-ins, open reset. The look is recorded',
  })
  async byId(
    @Param('id', IdParam) accountId: string,
    @Req() request: PortalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
    @AsOf() asOf: Position | null,
  ) {
    await this.views.wait(accountView.name, asOf);
    const view = await this.queries.execute<GetAccount, AccountView | null>(new GetAccount({ accountId }));
    return this.show(view, request, reply, context);
  }

  @Post(':id/unlocks')
  @Staff(...officers)
  @TakesIfMatch()
  @Answers(201, answers.changed, 'ETag', 'Consistency-Token')
  @Refuses('AccountUnknown', 'NotLocked')
  @ApiOperation({ summary: 'Unlock a locked account' })
  unlock(
    @Param('id', IdParam) accountId: string,
    @Body() { reason }: ReasonInput,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    return this.change(new UnlockAccount(accountId, reason, context), accountId, reply);
  }

  @Post(':id/suspensions')
  @Staff(...officers)
  @TakesIfMatch()
  @Answers(201, answers.changed, 'ETag', 'Consistency-Token')
  @Refuses('AccountUnknown', 'AccountUnconfirmed', 'AlreadySuspended')
  @ApiOperation({ summary: 'Suspend an account; its sessions end at once' })
  suspend(
    @Param('id', IdParam) accountId: string,
    @Body() { cause, reason }: SuspensionInput,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    return this.change(new SuspendAccount(accountId, cause, reason, context), accountId, reply);
  }

  @Post(':id/reinstatements')
  @Staff(...officers)
  @TakesIfMatch()
  @Answers(201, answers.changed, 'ETag', 'Consistency-Token')
  @Refuses('AccountUnknown', 'NotSuspended', 'CauseNeeded')
  @ApiOperation({ summary: 'Lift one suspension; others stay' })
  reinstate(
    @Param('id', IdParam) accountId: string,
    @Body() { cause, reason }: ReinstatementInput,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    return this.change(new ReinstateAccount(accountId, cause ?? null, reason, context), accountId, reply);
  }

  @Post(':id/recovery-unblocks')
  @Staff(...officers)
  @TakesIfMatch()
  @Answers(201, answers.changed, 'ETag', 'Consistency-Token')
  @Refuses('AccountUnknown', 'RecoveryNotBlocked')
  @ApiOperation({ summary: 'Allow password recovery again after too many wrong answers' })
  unblockRecovery(
    @Param('id', IdParam) accountId: string,
    @Body() { reason }: ReasonInput,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    return this.change(new UnblockRecovery(accountId, reason, context), accountId, reply);
  }

  private async change(command: ICommand, accountId: string, reply: FastifyReply) {
    const { revision, position } = await this.commands.execute<ICommand, Current<unknown>>(command);
    void reply.header('etag', `"${revision}"`);
    this.views.mark(reply, position);
    return { accountId, revision };
  }

  private async show(
    view: AccountView | null,
    request: PortalRequest,
    reply: FastifyReply,
    context: CommandContext,
  ) {
    if (!view) throw refuse('AccountUnknown');
    const { accountId, revision, state } = view;
    const look = { type: 'AccountChecked', data: { accountId } } as const;
    await this.looks.record(look, request, context);
    void reply.header('etag', `"${revision}"`);
    const { specialistAndFieldOffice } = this.contacts;
    return checkedAccount(accountId, state, specialistAndFieldOffice, this.rules, this.clock.now());
  }
}
