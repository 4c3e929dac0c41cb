import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Repudiate } from '../commands/repudiate.js';
import { RequestReset } from '../commands/request-reset.js';
import { ResetPassword } from '../commands/reset-password.js';
import { ShowResetQuestions, type ResetQuestions } from '../commands/show-reset-questions.js';
import type { CommandContext } from '../engine/streams.js';
import { Anyone } from './access.js';
import * as answers from './answers.js';
import { AskedOften } from './asked-often.js';
import { Context } from './command-context.js';
import { Answers, Refuses } from './describe.js';
import {
  EmailField,
  PasswordField,
  SecurityAnswerInput,
  SecurityAnswersField,
  TokenField,
} from './fields.js';
import { UniformAnswer } from './uniform-answer.js';

class ResetRequestInput {
  @EmailField()
  email!: string;
}

export class TokenInput {
  @TokenField()
  token!: string;
}

class ResetInput {
  @TokenField()
  token!: string;

  @SecurityAnswersField()
  answers!: SecurityAnswerInput[];

  @PasswordField()
  password!: string;

  @PasswordField()
  passwordAgain!: string;
}

@ApiTags('Recovery')
@Controller()
@Anyone()
export class PasswordResetsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly askedOften: AskedOften,
  ) {}

  @Post('password-reset-requests')
  @Answers(202, answers.told)
  @Refuses('TooManyRequests')
  @UniformAnswer()
  @ApiOperation({
    summary: '“Forgot your password?”: asks for a mail with a link. Every address is answered alike',
  })
  async request(@Body() { email }: ResetRequestInput, @Context() context: CommandContext) {
    await this.askedOften.count(context);
    await this.commands.execute(new RequestReset(email, context));
    return {
      nextSteps: [
        'Wait for the mail: if this address has an account, it comes within 24 hours, usually at once. Asking again sends no other link.',
        'Follow its link, answer your three security questions, and set a new password.',
        'If no mail comes, check that your user name is correct: it is the e-mail address you entered as your contact information.',
      ],
    };
  }

  @Post('password-resets/questions')
  @Answers(200, answers.resetQuestions)
  @Refuses('LinkDead', 'LinkShut')
  @ApiOperation({ summary: 'The account’s three security questions, for a live reset link. Spends nothing' })
  questions(@Body() { token }: TokenInput): Promise<ResetQuestions> {
    return this.queries.execute(new ShowResetQuestions(token));
  }

  @Post('password-resets')
  @Answers(200, answers.told)
  @Refuses('LinkDead', 'LinkShut', 'AnswersRefused')
  @ApiOperation({ summary: 'Set a new password by the mailed link and the answers to the three questions' })
  async reset(@Body() input: ResetInput, @Context() context: CommandContext) {
    await this.commands.execute(new ResetPassword(input, context));
    return { nextSteps: ['Sign in with your new password. All sessions were ended.'] };
  }

  @Post('repudiations')
  @Answers(200, answers.told)
  @Refuses('LinkDead')
  @ApiOperation({
    summary: '“This wasn’t me”: takes back a change of address, or shuts an account whose password was reset',
  })
  async repudiate(@Body() { token }: TokenInput, @Context() context: CommandContext) {
    await this.commands.execute(new Repudiate(token, context));
    return {
      nextSteps: [
        'All sessions were ended. Contact your Supply Chain Security Specialist or management at the field office assigned to your account.',
      ],
    };
  }
}
