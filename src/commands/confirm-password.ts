import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { opensToPassword } from '../domain/account/doors.js';
import type { Client } from '../domain/account/events.js';
import { confirmPassword } from '../domain/account/sign-in.js';
import { DomainError } from '../domain/domain-error.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { Clock } from '../ports.js';
import { AccountRules } from './account-rules.js';
import { SecretChecks } from './secret-checks.js';

/** The password again, before something that matters. */
export class ConfirmPassword {
  constructor(
    readonly accountId: string,
    readonly sessionId: string,
    readonly password: string,
    readonly client: Client,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(ConfirmPassword)
export class ConfirmPasswordHandler implements ICommandHandler<ConfirmPassword, void> {
  constructor(
    private readonly streams: Streams,
    private readonly secrets: SecretChecks,
    private readonly rules: AccountRules,
    private readonly clock: Clock,
  ) {}

  /** Throws `PasswordRefused`, `SessionEnded`. */
  async execute({ accountId, sessionId, password, client, context }: ConfirmPassword): Promise<void> {
    const { events } = await this.inTurn(accountId, async () => {
      const { state } = await this.streams.read(accountDecider, accountId);
      const held = opensToPassword(state, this.clock.now()) ? state.password : null;
      const matches = await this.secrets.verifyPassword(held?.hash, password);
      const decision = confirmPassword(sessionId, held?.version ?? 0, matches, client, this.rules.lockout);
      return this.streams.decide(accountDecider, accountId, decision, context);
    });
    if (!events.some(({ type }) => type === 'PasswordConfirmed')) {
      throw new DomainError('PasswordRefused', 'This is not your password.');
    }
  }

  /** In one queue with sign-ins at the same account: they share its lock. */
  private async inTurn<T>(accountId: string, work: () => Promise<T>): Promise<T> {
    const { state } = await this.streams.read(accountDecider, accountId);
    const emailKey = state.status === 'Registered' ? state.emailKey : accountId;
    return this.secrets.oneAtATime(emailKey, work);
  }
}
