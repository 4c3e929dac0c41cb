import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { SetLegacyPassword } from '../commands/set-legacy-password.js';
import type { CommandContext } from '../engine/streams.js';
import { Anyone } from './access.js';
import * as answers from './answers.js';
import { Context } from './command-context.js';
import { Answers, Refuses } from './describe.js';
import { PasswordField, TokenField } from './fields.js';

class LegacyPasswordInput {
  @TokenField()
  token!: string;

  @PasswordField()
  password!: string;

  @PasswordField()
  passwordAgain!: string;
}

/** The user of a legacy account sets its password, by mailed link: nobody else can. */
@ApiTags('Recovery')
@Controller('legacy-passwords')
@Anyone()
export class LegacyPasswordsController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Answers(200, answers.told)
  @Refuses('LegacyLinkDead')
  @ApiOperation({ summary: 'Set the password of your legacy ACE Portal account, by mailed link' })
  async set(@Body() input: LegacyPasswordInput, @Context() context: CommandContext) {
    await this.commands.execute(new SetLegacyPassword(input, context));
    return {
      nextSteps: [
        'Sign in with your own e-mail address and password, and enter your legacy user id and this legacy password where you are prompted to Sync Accounts.',
      ],
    };
  }
}
