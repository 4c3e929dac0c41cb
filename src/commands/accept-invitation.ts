import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { answerMistakes } from '../domain/account/input-rules.js';
import { acceptInvitation, linkIsDead } from '../domain/account/registration.js';
import type { SecurityAnswer } from '../domain/account/security-questions.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { AccountRules } from './account-rules.js';
import { MailedLinks } from './mailed-link.js';
import { SecretChecks } from './secret-checks.js';

/** A member of staff follows the enrolment link and chooses a password and questions. */
export class AcceptInvitation {
  constructor(
    readonly input: {
      readonly token: string;
      readonly password: string;
      readonly passwordAgain: string;
      readonly securityAnswers: readonly SecurityAnswer[];
    },
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(AcceptInvitation)
export class AcceptInvitationHandler implements ICommandHandler<AcceptInvitation, void> {
  constructor(
    private readonly streams: Streams,
    private readonly links: MailedLinks,
    private readonly secrets: SecretChecks,
    private readonly rules: AccountRules,
  ) {}

  /** Throws `LinkDead`, `InvalidInput`. */
  async execute({ input, context }: AcceptInvitation): Promise<void> {
    const link = this.links.open(['enrol'], input.token);
    if (!link) throw linkIsDead();
    const { accountId, linkId } = link;
    const { state } = await this.streams.read(accountDecider, accountId);
    if (state.status !== 'Registered') throw linkIsDead();
    const personal = [state.email, state.givenName, state.familyName];
    this.secrets.refuseBadPassword(input, personal, answerMistakes(input.securityAnswers));
    const passwordHash = await this.secrets.hashPassword(input.password);
    const questions = await this.secrets.hashQuestions(input.securityAnswers);
    const decision = acceptInvitation(linkId, passwordHash, this.rules.passwordPolicy, questions);
    await this.streams.decide(accountDecider, accountId, decision, context);
  }
}
