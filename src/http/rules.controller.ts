import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccountRules } from '../commands/account-rules.js';
import { passwordRules } from '../domain/account/input-rules.js';
import { securityQuestions } from '../domain/account/security-questions.js';
import { Anyone } from './access.js';
import * as answers from './answers.js';
import { Answers } from './describe.js';

@ApiTags('Registration')
@Controller()
@Anyone()
export class RulesController {
  constructor(private readonly rules: AccountRules) {}

  @Get('security-questions')
  @Answers(200, answers.questions)
  @ApiOperation({ summary: 'The questions to choose three from' })
  questions() {
    return { questions: securityQuestions };
  }

  @Get('password-rules')
  @Answers(200, answers.rules)
  @ApiOperation({ summary: 'What a new password must meet, as displayed on the screen' })
  passwordRules() {
    return passwordRules(this.rules.passwordPolicy);
  }
}
