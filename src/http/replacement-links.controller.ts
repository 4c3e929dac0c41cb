import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AnswerOwnerReplacement } from '../commands/answer-owner-replacement.js';
import type { CommandContext } from '../engine/streams.js';
import { Anyone } from './access.js';
import * as answers from './answers.js';
import { Context } from './command-context.js';
import { Answers, Refuses } from './describe.js';
import { TextField, TokenField } from './fields.js';
import { TokenInput } from './password-resets.controller.js';

class ObjectionInput {
  @TokenField()
  token!: string;

  @TextField(1000, 'Why; kept sealed in the history')
  reason!: string;
}

/** The current owner's answer, by the links of the mail that told them. They need not sign in: they may have left the company. */
@ApiTags('Account owner replacement')
@Controller()
@Anyone()
export class ReplacementLinksController {
  constructor(private readonly commands: CommandBus) {}

  @Post('owner-replacement-consents')
  @Answers(200, answers.told)
  @Refuses('LinkDead', 'ApplicationClosed')
  @ApiOperation({ summary: 'Consent to being replaced as Account Owner, by mailed link' })
  async consent(@Body() { token }: TokenInput, @Context() context: CommandContext) {
    await this.commands.execute(new AnswerOwnerReplacement(token, 'consent', context));
    return { nextSteps: ['You will be told by mail when you are not the Account Owner any more.'] };
  }

  @Post('owner-replacement-objections')
  @Answers(200, answers.told)
  @Refuses('LinkDead', 'ApplicationClosed')
  @ApiOperation({ summary: 'Object to being replaced as Account Owner, by mailed link' })
  async object(@Body() { token, reason }: ObjectionInput, @Context() context: CommandContext) {
    await this.commands.execute(new AnswerOwnerReplacement(token, { objection: reason }, context));
    return { nextSteps: ['Nobody can approve the application now. You will be told what becomes of it.'] };
  }
}
