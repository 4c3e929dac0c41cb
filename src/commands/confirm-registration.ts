import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { awaitingConfirmation, confirmEmail, linkIsDead } from '../domain/account/registration.js';
import { DomainError } from '../domain/domain-error.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { MailedLinks } from './mailed-link.js';
import { SecretChecks } from './secret-checks.js';

/** The mailed link together with the password chosen makes the account usable. */
export class ConfirmRegistration {
  constructor(
    readonly token: string,
    readonly password: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(ConfirmRegistration)
export class ConfirmRegistrationHandler implements ICommandHandler<ConfirmRegistration, void> {
  constructor(
    private readonly streams: Streams,
    private readonly links: MailedLinks,
    private readonly secrets: SecretChecks,
  ) {}

  /** Throws `LinkDead`, `PasswordRefused`. */
  async execute({ token, password, context }: ConfirmRegistration): Promise<void> {
    const link = this.links.open(['confirm'], token);
    if (!link) throw linkIsDead();
    const { accountId, linkId } = link;
    const { events } = await this.secrets.oneAtATime(accountId, async () => {
      // What it did used the link up.
      const done = await this.streams.done(accountDecider, accountId, context);
      if (done) return done;
      const { state } = await this.streams.read(accountDecider, accountId);
      const account = awaitingConfirmation(state, linkId);
      const matches = await this.secrets.verifyPassword(account.password?.hash, password);
      return this.streams.decide(accountDecider, accountId, confirmEmail(linkId, matches), context);
    });
    if (events.some(({ type }) => type === 'EmailConfirmed')) return;
    if (events.some(({ type }) => type === 'ConfirmationRefused')) {
      throw new DomainError('PasswordRefused', 'This is not the password that was chosen at registration.');
    }
    throw linkIsDead();
  }
}
