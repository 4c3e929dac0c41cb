import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { changeSecurityQuestions } from '../domain/account/credentials.js';
import type { SecurityAnswer } from '../domain/account/security-questions.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { SecretChecks } from './secret-checks.js';

/** Three other questions, or other answers. */
export class ChangeSecurityQuestions {
  constructor(
    readonly accountId: string,
    readonly sessionId: string,
    readonly securityAnswers: readonly SecurityAnswer[],
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(ChangeSecurityQuestions)
export class ChangeSecurityQuestionsHandler implements ICommandHandler<ChangeSecurityQuestions, void> {
  constructor(
    private readonly streams: Streams,
    private readonly secrets: SecretChecks,
  ) {}

  /** Throws `InvalidInput`, `SessionEnded`, `PasswordNeeded`. */
  async execute({ accountId, sessionId, securityAnswers, context }: ChangeSecurityQuestions): Promise<void> {
    const questions = await this.secrets.hashQuestions(securityAnswers);
    const decision = changeSecurityQuestions(sessionId, questions);
    await this.streams.decide(accountDecider, accountId, decision, context);
  }
}
