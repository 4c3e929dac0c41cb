import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AcceptInvitation } from '../commands/accept-invitation.js';
import { ConfirmRegistration } from '../commands/confirm-registration.js';
import { RegisterAccount } from '../commands/register-account.js';
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
  TextField,
  TokenField,
} from './fields.js';
import { UniformAnswer } from './uniform-answer.js';

class RegistrationInput {
  @EmailField()
  email!: string;

  @TextField(100, 'Given name')
  givenName!: string;

  @TextField(100, 'Family name')
  familyName!: string;

  @PasswordField()
  password!: string;

  @PasswordField()
  passwordAgain!: string;

  @SecurityAnswersField()
  securityAnswers!: SecurityAnswerInput[];
}

class ConfirmationInput {
  @TokenField()
  token!: string;

  @PasswordField()
  password!: string;
}

class EnrolmentInput {
  @TokenField()
  token!: string;

  @PasswordField()
  password!: string;

  @PasswordField()
  passwordAgain!: string;

  @SecurityAnswersField()
  securityAnswers!: SecurityAnswerInput[];
}

@ApiTags('Registration')
@Controller()
@Anyone()
export class RegistrationsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly askedOften: AskedOften,
  ) {}

  @Post('registrations')
  @Answers(202, answers.told)
  @Refuses('TooManyRequests')
  @UniformAnswer()
  @ApiOperation({ summary: 'Register with a contact e-mail address. A taken address is answered alike' })
  async register(@Body() input: RegistrationInput, @Context() context: CommandContext) {
    await this.askedOften.count(context);
    await this.commands.execute(new RegisterAccount(input, context));
    return {
      nextSteps: [
        'Open the mail that we sent to this address, follow its link within 48 hours, and enter your password.',
        'If no mail comes, check that you typed the address correctly and look among unwanted mail.',
      ],
    };
  }

  @Post('registrations/confirmations')
  @Answers(200, answers.told)
  @Refuses('LinkDead', 'PasswordRefused')
  @ApiOperation({ summary: 'Confirm a registration by its mailed link and the password chosen' })
  async confirm(@Body() { token, password }: ConfirmationInput, @Context() context: CommandContext) {
    await this.commands.execute(new ConfirmRegistration(token, password, context));
    return { nextSteps: ['Sign in with your e-mail address and your password.'] };
  }

  @Post('enrolments')
  @Answers(200, answers.told)
  @Refuses('LinkDead')
  @ApiOperation({ summary: 'Choose a password as a new member of staff, by the one-time enrolment link' })
  async enrol(@Body() input: EnrolmentInput, @Context() context: CommandContext) {
    await this.commands.execute(new AcceptInvitation(input, context));
    return { nextSteps: ['Sign in with your e-mail address and your password.'] };
  }
}
