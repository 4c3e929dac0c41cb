import { Injectable, type ExecutionContext } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { plainToInstance } from 'class-transformer';
import passport from 'passport';
import { Strategy } from 'passport-local';
import { v7 } from 'uuid';
import { SignIn, type SignedIn } from '../commands/sign-in.js';
import { CommandContexts } from './command-context.js';
import { EmailField, PasswordField } from './fields.js';
import { clientOf, type PortalRequest } from './portal-request.js';
import { refuse } from './problem.js';
import { inputValidation } from './validation.js';

export class CredentialsInput {
  @EmailField()
  email!: string;

  @PasswordField()
  password!: string;
}

/** passport-local's verdict on a contact e-mail and a password. */
@Injectable()
export class PasswordStrategy extends PassportStrategy(Strategy) {
  /** Passport keeps strategies by name for the whole process: of two services in one, the later would judge for both. */
  readonly id = `password-${v7()}`;

  constructor(
    private readonly commands: CommandBus,
    private readonly contexts: CommandContexts,
  ) {
    super({ usernameField: 'email', passwordField: 'password', session: false, passReqToCallback: true });
    passport.use(this.id, this);
  }

  async validate(request: unknown, email: string, password: string): Promise<SignedIn> {
    const sent = request as PortalRequest;
    const command = new SignIn(email, password, clientOf(sent), this.contexts.transform(sent));
    const signedIn = await this.commands.execute<SignIn, SignedIn | null>(command);
    if (signedIn === null) throw refuse('SignInRefused');
    return signedIn;
  }
}

/** Checks the input before passport sees it: guards come before pipes. */
@Injectable()
export class PasswordGuard extends AuthGuard() {
  private readonly validation = inputValidation();

  constructor({ id }: PasswordStrategy) {
    super({ defaultStrategy: id });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const { body } = context.switchToHttp().getRequest<PortalRequest>();
    await this.validation.transform(body ?? plainToInstance(CredentialsInput, {}), {
      type: 'body',
      metatype: CredentialsInput,
    });
    return (await super.canActivate(context)) as boolean;
  }
}
