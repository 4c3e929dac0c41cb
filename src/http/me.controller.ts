import { Body, Controller, Delete, Get, Param, Post, Query, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccountRules } from '../commands/account-rules.js';
import { ChangeContactEmail } from '../commands/change-contact-email.js';
import { ChangePassword } from '../commands/change-password.js';
import { ChangeSecurityQuestions } from '../commands/change-security-questions.js';
import { EndSessions } from '../commands/end-sessions.js';
import { RequestContactEmailChange } from '../commands/request-contact-email-change.js';
import type { CommandContext } from '../engine/streams.js';
import { Clock, type Position } from '../ports.js';
import { accountHistory, ListHistory, type HistoryPage } from '../projections/account-history.js';
import { Anyone, SignedIn } from './access.js';
import * as answers from './answers.js';
import { Context } from './command-context.js';
import { Answers, Refuses } from './describe.js';
import { EmailField, PageQuery, PasswordField, SecurityAnswerInput, SecurityAnswersField } from './fields.js';
import { AsOf, FreshViews } from './fresh-views.js';
import { IdParam } from './id-param.js';
import { liveSessions } from './live-sessions.js';
import { TokenInput } from './password-resets.controller.js';
import { PortalKeys } from './portal-keys.js';
import type { PortalRequest } from './portal-request.js';
import { iso, ownAccount, shownSession } from './presentation.js';

class PasswordChangeInput {
  @PasswordField()
  password!: string;

  @PasswordField()
  passwordAgain!: string;
}

class QuestionChangeInput {
  @SecurityAnswersField()
  securityAnswers!: SecurityAnswerInput[];
}

class ContactEmailInput {
  @EmailField()
  email!: string;
}

@ApiTags('Own account')
@Controller()
@SignedIn()
export class MeController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly views: FreshViews,
    private readonly rules: AccountRules,
    private readonly keys: PortalKeys,
    private readonly clock: Clock,
  ) {}

  @Get('me')
  @Answers(200, answers.ownAccount)
  @SignedIn({ withWeakPassword: true })
  @ApiOperation({ summary: 'Your account' })
  me(@Req() request: PortalRequest) {
    const { accountId, account, session } = request.caller!;
    return {
      ...ownAccount(accountId, account, this.rules.passwordPolicy, this.clock.now()),
      csrfToken: this.keys.csrfToken(session.id),
    };
  }

  @Get('me/history')
  @Answers(200, answers.history)
  @ApiOperation({ summary: 'What happened to your account, in plain language, newest first' })
  async history(@Req() request: PortalRequest, @Query() page: PageQuery, @AsOf() asOf: Position | null) {
    const { accountId, position } = request.caller!;
    await this.views.wait(accountHistory.name, position, asOf);
    const query = new ListHistory(accountId, page.limit, page.cursor);
    const { entries, next } = await this.queries.execute<ListHistory, HistoryPage>(query);
    return {
      entries: entries.map(({ at, type, by, sentence }) => ({ at: iso(at), type, by, sentence })),
      next,
    };
  }

  @Get('me/sessions')
  @Answers(200, answers.sessions)
  @ApiOperation({ summary: 'Where you are signed in' })
  sessions(@Req() request: PortalRequest) {
    const { account, session } = request.caller!;
    const live = liveSessions(account, this.rules, this.clock.now());
    return { sessions: live.map((other) => shownSession(other, session.id)) };
  }

  @Delete('me/sessions')
  @Answers(204)
  @ApiOperation({ summary: 'Sign out everywhere' })
  async endAll(@Req() request: PortalRequest, @Context() context: CommandContext): Promise<void> {
    await this.commands.execute(new EndSessions(request.caller!.accountId, 'all', context));
  }

  @Delete('me/sessions/:id')
  @Answers(204)
  @Refuses('SessionUnknown')
  @ApiOperation({ summary: 'End one session' })
  async endOne(
    @Param('id', IdParam) id: string,
    @Req() request: PortalRequest,
    @Context() context: CommandContext,
  ): Promise<void> {
    await this.commands.execute(new EndSessions(request.caller!.accountId, { other: id }, context));
  }

  @Post('me/password-changes')
  @SignedIn({ stepUp: true, withWeakPassword: true })
  @Answers(204)
  @Refuses('SessionEnded')
  @ApiOperation({ summary: 'Change your password; your other sessions end' })
  async changePassword(
    @Body() input: PasswordChangeInput,
    @Req() request: PortalRequest,
    @Context() context: CommandContext,
  ): Promise<void> {
    const { accountId, session } = request.caller!;
    await this.commands.execute(new ChangePassword(accountId, session.id, input, context));
  }

  @Post('me/security-question-changes')
  @SignedIn({ stepUp: true })
  @Answers(204)
  @Refuses('SessionEnded')
  @ApiOperation({ summary: 'Choose other security questions or answers' })
  async changeQuestions(
    @Body() { securityAnswers }: QuestionChangeInput,
    @Req() request: PortalRequest,
    @Context() context: CommandContext,
  ): Promise<void> {
    const { accountId, session } = request.caller!;
    const command = new ChangeSecurityQuestions(accountId, session.id, securityAnswers, context);
    await this.commands.execute(command);
  }

  @Post('me/contact-email-changes')
  @SignedIn({ stepUp: true })
  @Answers(202, answers.told)
  @Refuses('SessionEnded', 'EmailUnchanged', 'TooManyEmailChanges')
  @ApiOperation({ summary: 'Ask for another contact e-mail address, which then confirms by mailed link' })
  async changeEmail(
    @Body() { email }: ContactEmailInput,
    @Req() request: PortalRequest,
    @Context() context: CommandContext,
  ) {
    const { accountId, session } = request.caller!;
    await this.commands.execute(new RequestContactEmailChange(accountId, session.id, email, context));
    return { nextSteps: ['Follow the link in the mail to the new address within 48 hours.'] };
  }

  @Post('contact-email-confirmations')
  @Anyone()
  @Answers(200, answers.told)
  @Refuses('LinkDead', 'LinkShut')
  @ApiOperation({ summary: 'Confirm a new contact e-mail address by its mailed link' })
  async confirmEmail(@Body() { token }: TokenInput, @Context() context: CommandContext) {
    await this.commands.execute(new ChangeContactEmail(token, context));
    return { nextSteps: ['From now on sign in with the new address: it is your user name.'] };
  }
}
