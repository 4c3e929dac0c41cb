import { Body, Controller, Delete, Post, Req, Res, UseGuards } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ConfirmPassword } from '../commands/confirm-password.js';
import { EndSessions } from '../commands/end-sessions.js';
import type { SignedIn } from '../commands/sign-in.js';
import type { CommandContext } from '../engine/streams.js';
import { Anyone, SignedIn as MustBeSignedIn } from './access.js';
import * as answers from './answers.js';
import { SESSION_COOKIE } from './authentication.js';
import { Context } from './command-context.js';
import { Answers, Refuses } from './describe.js';
import { PasswordField } from './fields.js';
import { CredentialsInput, PasswordGuard } from './password-strategy.js';
import { PortalKeys } from './portal-keys.js';
import { clientOf, type PortalRequest } from './portal-request.js';
import { iso } from './presentation.js';
import { UniformAnswer } from './uniform-answer.js';

class StepUpInput {
  @PasswordField()
  password!: string;
}

const cookieOptions = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;

@ApiTags('Sessions')
@Controller('sessions')
export class SessionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly keys: PortalKeys,
  ) {}

  /** A browser (which sends `Origin`) gets a cookie and never sees the token; a program gets the token and no cookie. */
  @Post()
  @Anyone()
  @Answers(201, answers.signedIn)
  @Refuses('SignInRefused', 'TooManyRequests', 'AnswerNotKept')
  @UniformAnswer()
  @UseGuards(PasswordGuard)
  @ApiOperation({ summary: 'Sign in with e-mail address and password' })
  signIn(
    // Read by the guard; named here, so that this route is known to take a body.
    @Body() _credentials: CredentialsInput,
    @Req() request: PortalRequest & { user: SignedIn },
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { token, ...session } = request.user;
    void reply.header('cache-control', 'no-store');
    const answer = { ...session, expiresAt: iso(session.expiresAt) };
    if (request.headers.origin === undefined) return { ...answer, token };
    const expires = new Date(session.expiresAt);
    void reply.setCookie(SESSION_COOKIE, token, { ...cookieOptions, expires });
    return { ...answer, csrfToken: this.keys.csrfToken(session.sessionId) };
  }

  @Delete('current')
  @MustBeSignedIn({ withWeakPassword: true })
  @Answers(204)
  @ApiOperation({ summary: 'Sign out' })
  async signOut(
    @Req() request: PortalRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Context() context: CommandContext,
  ): Promise<void> {
    const { accountId, session } = request.caller!;
    await this.commands.execute(new EndSessions(accountId, { current: session.id }, context));
    if (request.cookies[SESSION_COOKIE] !== undefined) void reply.clearCookie(SESSION_COOKIE, cookieOptions);
  }

  @Post('current/step-ups')
  @MustBeSignedIn({ withWeakPassword: true })
  @Answers(204)
  @Refuses('PasswordRefused', 'SessionEnded')
  @ApiOperation({ summary: 'Give the password again, for five minutes in which credentials can be changed' })
  async stepUp(
    @Body() { password }: StepUpInput,
    @Req() request: PortalRequest,
    @Context() context: CommandContext,
  ): Promise<void> {
    const { accountId, session } = request.caller!;
    await this.commands.execute(
      new ConfirmPassword(accountId, session.id, password, clientOf(request), context),
    );
  }
}
