import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { awaitingReset, resetPassword } from '../domain/account/recovery.js';
import { linkIsDead } from '../domain/account/registration.js';
import { SECURITY_ANSWERS, type SecurityAnswer } from '../domain/account/security-questions.js';
import type { Registered } from '../domain/account/state.js';
import { refuseIfAny } from '../domain/account/input-rules.js';
import { DomainError } from '../domain/domain-error.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { Clock } from '../ports.js';
import { AccountRules } from './account-rules.js';
import { MailedLinks } from './mailed-link.js';
import { SecretChecks } from './secret-checks.js';

/** The mailed link, the answers to the three questions, and the new password twice. */
export class ResetPassword {
  constructor(
    readonly input: {
      readonly token: string;
      readonly answers: readonly SecurityAnswer[];
      readonly password: string;
      readonly passwordAgain: string;
    },
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(ResetPassword)
export class ResetPasswordHandler implements ICommandHandler<ResetPassword, void> {
  constructor(
    private readonly streams: Streams,
    private readonly links: MailedLinks,
    private readonly secrets: SecretChecks,
    private readonly rules: AccountRules,
    private readonly clock: Clock,
  ) {}

  /** Throws `LinkDead`, `LinkShut`, `AnswersRefused`, `InvalidInput` (which spends nothing). */
  async execute({ input, context }: ResetPassword): Promise<void> {
    const link = this.links.open(['reset'], input.token);
    if (!link) throw linkIsDead();
    const { accountId, linkId } = link;
    const { events } = await this.secrets.oneAtATime(accountId, async () => {
      // What it did used the link up.
      const done = await this.streams.done(accountDecider, accountId, context);
      if (done) return done;
      const { state } = await this.streams.read(accountDecider, accountId);
      const account = awaitingReset(state, linkId, this.clock.now());
      this.refuseBadInput(input, account);
      const matches = await this.secrets.verifyAnswers(account.questions, input.answers);
      const passwordHash = matches ? await this.secrets.hashPassword(input.password) : '';
      const decision = resetPassword(linkId, matches, passwordHash, this.rules.passwordPolicy);
      return this.streams.decide(accountDecider, accountId, decision, context);
    });
    if (events.some(({ type }) => type === 'PasswordReset')) return;
    throw new DomainError('AnswersRefused', 'The answers do not match the ones given before.');
  }

  private refuseBadInput(input: ResetPassword['input'], account: Registered): void {
    const { email, givenName, familyName } = account;
    this.secrets.refuseBadPassword(input, [email, givenName, familyName]);
    if (input.answers.length === SECURITY_ANSWERS) return;
    refuseIfAny([
      { pointer: '/answers', detail: `must be the answers to all ${SECURITY_ANSWERS} questions` },
    ]);
  }
}
