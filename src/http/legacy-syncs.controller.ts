import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { LegacyPortalState } from '../commands/legacy-portal-state.js';
import { SyncLegacyAccount, type SyncedLegacyAccount } from '../commands/sync-legacy-account.js';
import type { CommandContext } from '../engine/streams.js';
import { SignedIn } from './access.js';
import * as answers from './answers.js';
import { Context } from './command-context.js';
import { Answers, Refuses } from './describe.js';
import { FreshViews } from './fresh-views.js';
import { LegacyUserIdField, PasswordField } from './fields.js';
import type { PortalRequest } from './portal-request.js';
import { syncReceipt } from './presentation.js';
import { UniformAnswer } from './uniform-answer.js';

class LegacySyncInput {
  @LegacyUserIdField()
  legacyUserId!: string;

  @PasswordField()
  legacyPassword!: string;
}

const keepLegacy = [
  'Keep your legacy user id and password until the legacy portal is retired: you will not need them here, but existing functions there may ask for them.',
];
const legacyIsRetired = [
  'You do not need your legacy user id and password any more: the legacy portal is retired.',
];

@ApiTags('Own account')
@Controller('me/legacy-syncs')
@SignedIn()
export class LegacySyncsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly views: FreshViews,
    private readonly legacyPortal: LegacyPortalState,
  ) {}

  @Post()
  @Answers(201, answers.legacySynced, 'Consistency-Token')
  @Refuses(
    'LegacySyncRefused',
    'LegacyAccountUsed',
    'LegacyAccountNotInGoodStanding',
    'AlreadySynced',
    'AccountShut',
    'LegacyPortalAway',
    'TooManyRequests',
  )
  @UniformAnswer()
  @ApiOperation({
    summary: 'Sync your account with your legacy ACE Portal account; a legacy login can be used once',
  })
  async sync(
    @Body() { legacyUserId, legacyPassword }: LegacySyncInput,
    @Req() request: PortalRequest,
    @Context() context: CommandContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const command = new SyncLegacyAccount(request.caller!.accountId, legacyUserId, legacyPassword, context);
    const { link, position } = await this.commands.execute<SyncLegacyAccount, SyncedLegacyAccount>(command);
    this.views.mark(reply, position);
    const nextSteps = (await this.legacyPortal.isRetired()) ? legacyIsRetired : keepLegacy;
    return { ...syncReceipt(link), nextSteps };
  }
}
