import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AttachEvidence } from '../commands/attach-evidence.js';
import { EVIDENCE_TYPES } from '../commands/evidence-files.js';
import { ReadEvidence, type EvidenceFile } from '../commands/show-owner-replacement.js';
import type { CommandContext } from '../engine/streams.js';
import { Staff } from './access.js';
import { Context } from './command-context.js';
import { Answers, AnswersFile, Refuses } from './describe.js';
import { fileOf, fileRefusals, TakesFile } from './file-body.js';
import { IdParam } from './id-param.js';
import { NumberParam } from './number-param.js';
import { Looks } from './looks.js';
import type { PortalRequest } from './portal-request.js';
import * as answers from './replacement-answers.js';
import { ReplacementCommands } from './replacement-commands.js';
import { MailedDesignationInput, MailedLetterInput } from './replacement-input.js';

/** The ACE Application team enters what was e-mailed to it, and looks at files. */
@ApiTags('ACE Application team')
@Controller('owner-replacements')
@Staff('applicationTeam')
export class MailedReplacementsController {
  constructor(
    private readonly replacements: ReplacementCommands,
    private readonly queries: QueryBus,
    private readonly looks: Looks,
  ) {}

  @Post('designations')
  @Answers(201, answers.changed, 'Consistency-Token')
  @Refuses('TradeAccountMismatch', 'CorrectionUnknown', 'TooManyRequests')
  @ApiOperation({ summary: 'Enter an e-mailed Form A; the original is attached next' })
  designate(
    @Body() { applicantEmail, ...input }: MailedDesignationInput,
    @Req() request: PortalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    const by = { enteredBy: request.caller!.accountId, applicantEmail };
    return this.replacements.submit({ form: 'A', ...input }, by, reply, context);
  }

  @Post('letters')
  @Answers(201, answers.changed, 'Consistency-Token')
  @Refuses('TradeAccountMismatch', 'CorrectionUnknown', 'TooManyRequests')
  @ApiOperation({ summary: 'Enter an e-mailed Form B; the letter is attached next' })
  write(
    @Body() { applicantEmail, ...input }: MailedLetterInput,
    @Req() request: PortalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    const by = { enteredBy: request.caller!.accountId, applicantEmail };
    return this.replacements.submit({ form: 'B', ...input }, by, reply, context);
  }

  @Post(':id/evidence')
  @TakesFile()
  @Answers(201, answers.changed, 'Consistency-Token')
  @Refuses('ApplicationUnknown', 'ApplicationClosed', 'TooMuchEvidence', ...fileRefusals)
  @ApiOperation({ summary: 'Attach the original of a form that you entered: a PDF or an image' })
  attach(
    @Param('id', IdParam) id: string,
    @Req() request: PortalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    const command = new AttachEvidence(id, request.caller!.accountId, fileOf(request), context);
    return this.replacements.change(command, id, reply);
  }

  @Get(':id/evidence/:number')
  @AnswersFile(...EVIDENCE_TYPES)
  @Refuses('ApplicationUnknown', 'EvidenceUnknown', 'Busy')
  @ApiOperation({ summary: 'A file of an application, to be saved. The look is recorded' })
  async file(
    @Param('id', IdParam) id: string,
    @Param('number', NumberParam) number: string,
    @Req() request: PortalRequest,
    @Res() reply: FastifyReply,
    @Context() context: CommandContext,
  ) {
    const query = new ReadEvidence(id, Number(number));
    const { mediaType, bytes } = await this.queries.execute<ReadEvidence, EvidenceFile>(query);
    const look = { type: 'ApplicationChecked', data: { applicationId: id } } as const;
    await this.looks.record(look, request, context);
    // Strangers made it: a browser saves it, and neither shows nor runs it here.
    return reply
      .type(mediaType)
      .header('content-disposition', `attachment; filename="evidence-${number}"`)
      .send(Buffer.from(bytes));
  }
}
