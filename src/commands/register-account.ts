import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { answerMistakes } from '../domain/account/input-rules.js';
import { noteRegistrationAttempt, register } from '../domain/account/registration.js';
import type { SecurityAnswer } from '../domain/account/security-questions.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { Ids } from '../ports.js';
import { AccountRules } from './account-rules.js';
import { Emails } from './emails.js';
import { SecretChecks } from './secret-checks.js';

/** A stranger opens an account. A taken address looks exactly like a free one; its owner is told by mail. */
export class RegisterAccount {
  constructor(
    readonly input: {
      readonly email: string;
      readonly givenName: string;
      readonly familyName: string;
      readonly password: string;
      readonly passwordAgain: string;
      readonly securityAnswers: readonly SecurityAnswer[];
    },
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(RegisterAccount)
export class RegisterAccountHandler implements ICommandHandler<RegisterAccount, void> {
  constructor(
    private readonly streams: Streams,
    private readonly emails: Emails,
    private readonly secrets: SecretChecks,
    private readonly rules: AccountRules,
    private readonly ids: Ids,
  ) {}

  async execute({ input, context }: RegisterAccount): Promise<void> {
    const { email, givenName, familyName } = input;
    this.secrets.refuseBadPassword(
      input,
      [email, givenName, familyName],
      answerMistakes(input.securityAnswers),
    );
    const passwordHash = await this.secrets.hashPassword(input.password);
    const questions = await this.secrets.hashQuestions(input.securityAnswers);
    // The same request again means the same account, so that a lost answer cannot make two.
    const accountId = context.commandId;
    const emailKey = this.emails.keyOf(email);
    // Whatever became of it: a refusal would tell, days later, that the address was free then.
    if ((await this.streams.read(accountDecider, accountId)).state.status !== 'Unknown') return;
    const holder = await this.emails.claim(emailKey, accountId, context);
    if (holder !== null) return this.tellHolder(holder, emailKey, context);
    const registration = register({
      email,
      emailKey,
      givenName,
      familyName,
      passwordHash,
      policy: this.rules.passwordPolicy,
      questions,
      linkId: this.ids.next(),
    });
    await this.streams.decide(accountDecider, accountId, registration, context);
  }

  /** Only the owner of the address as it stands is told; one who moved away from it has no part in this. */
  private async tellHolder(holder: string, emailKey: string, context: CommandContext): Promise<void> {
    if ((await this.emails.accountOf(emailKey)) !== holder) return;
    await this.streams.decide(accountDecider, holder, noteRegistrationAttempt(), context);
  }
}
