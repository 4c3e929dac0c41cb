import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { confirmed } from '../domain/account/confirmed.js';
import { changePassword } from '../domain/account/credentials.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { AccountRules } from './account-rules.js';
import { SecretChecks } from './secret-checks.js';

/** A new password by its owner, from the session that goes on; the others end. */
export class ChangePassword {
  constructor(
    readonly accountId: string,
    readonly sessionId: string,
    readonly input: { readonly password: string; readonly passwordAgain: string },
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(ChangePassword)
export class ChangePasswordHandler implements ICommandHandler<ChangePassword, void> {
  constructor(
    private readonly streams: Streams,
    private readonly secrets: SecretChecks,
    private readonly rules: AccountRules,
  ) {}

  /** Throws `InvalidInput`. */
  async execute({ accountId, sessionId, input, context }: ChangePassword): Promise<void> {
    const { state } = await this.streams.read(accountDecider, accountId);
    const { email, givenName, familyName } = confirmed(state);
    this.secrets.refuseBadPassword(input, [email, givenName, familyName]);
    const passwordHash = await this.secrets.hashPassword(input.password);
    const decision = changePassword(sessionId, passwordHash, this.rules.passwordPolicy);
    await this.streams.decide(accountDecider, accountId, decision, context);
  }
}
