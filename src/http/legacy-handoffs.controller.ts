import { applyDecorators, Body, Controller, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsIn, IsString, Length, Matches } from 'class-validator';
import { z } from 'zod';
import { IssueLegacyHandoff, type IssuedHandoff } from '../commands/issue-legacy-handoff.js';
import { RedeemLegacyHandoff, type RedeemedHandoff } from '../commands/redeem-legacy-handoff.js';
import type { CommandContext } from '../engine/streams.js';
import { Anyone, SignedIn } from './access.js';
import { Context } from './command-context.js';
import { Answers, Refuses } from './describe.js';
import { ASSERTION_TYPE, LegacyPortalAuthentication } from './legacy-portal-authentication.js';
import type { PortalRequest } from './portal-request.js';
import { iso } from './presentation.js';

const issued = z.strictObject({
  ticket: z.string().describe('Good for one use, within 60 seconds; never put it into an address'),
  postTo: z.url().describe('Where the browser posts it, as the form field “ticket”'),
  expiresAt: z.iso.datetime(),
});
const redeemed = z.strictObject({
  ...{ accountId: z.uuid(), sid: z.uuid().describe('The session here; a logout token names it') },
  sessionExpiresAt: z.iso.datetime().describe('The session at the legacy portal ends by then'),
  legacyUserId: z.string(),
  ...{ givenName: z.string().nullable(), familyName: z.string().nullable() },
});

const JWT_LENGTH_MAX = 8_192;

const JwtField = (description: string) =>
  applyDecorators(
    ApiProperty({ type: String, maxLength: JWT_LENGTH_MAX, description }),
    Matches(/^[\w.-]*$/, { message: 'must be a JWT in its compact form' }),
    Length(1, JWT_LENGTH_MAX, { message: `must have 1 to ${JWT_LENGTH_MAX} characters` }),
    IsString({ message: 'must be text' }),
  );

/** Named as in RFC 7523. */
class RedemptionInput {
  @ApiProperty({ type: String, enum: [ASSERTION_TYPE] })
  @IsIn([ASSERTION_TYPE], { message: `must be ${ASSERTION_TYPE}` })
  client_assertion_type!: string;

  @JwtField('A JWT that the legacy portal signed with its private key (RFC 7523)')
  client_assertion!: string;

  @JwtField('As the browser posted it')
  ticket!: string;
}

@ApiTags('Legacy portal')
@Controller()
export class LegacyHandoffsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly legacyPortal: LegacyPortalAuthentication,
  ) {}

  @Post('me/legacy-handoffs')
  @SignedIn()
  @Answers(201, issued)
  @Refuses(
    'LegacyNotSynced',
    'LegacyAccountNotInGoodStanding',
    'HandoffNotOpen',
    'TooManyHandoffs',
    'SessionEnded',
    'AnswerNotKept',
  )
  @ApiOperation({
    summary: 'Go over to the legacy ACE Portal without signing in again: a ticket for its address',
  })
  async issue(@Req() request: PortalRequest, @Context() context: CommandContext) {
    const { accountId, session } = request.caller!;
    const { ticket, postTo, expiresAt } = await this.commands.execute<IssueLegacyHandoff, IssuedHandoff>(
      new IssueLegacyHandoff(accountId, session.id, context),
    );
    return { ticket, postTo, expiresAt: iso(expiresAt) };
  }

  @Post('legacy-handoffs/redemptions')
  @Anyone()
  @Answers(200, redeemed)
  @Refuses('ClientRefused', 'HandoffTicketDead', 'HandoffNotOpen', 'StoreUnavailable')
  @ApiOperation({ summary: 'For the legacy portal: whom a ticket lets in. It does so once' })
  async redeem(@Body() body: RedemptionInput, @Context() context: CommandContext) {
    const { clientId } = await this.legacyPortal.authenticate(body.client_assertion);
    const actor = { kind: 'system', id: `client ${clientId}`, role: null } as const;
    const { sessionId, sessionExpiresAt, givenName, familyName, ...who } = await this.commands.execute<
      RedeemLegacyHandoff,
      RedeemedHandoff
    >(new RedeemLegacyHandoff(body.ticket, { ...context, actor }));
    return {
      ...{ ...who, sid: sessionId, sessionExpiresAt: iso(sessionExpiresAt) },
      ...{ givenName: givenName ?? null, familyName: familyName ?? null },
    };
  }
}
