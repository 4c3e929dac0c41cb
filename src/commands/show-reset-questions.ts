import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { passwordRules } from '../domain/account/input-rules.js';
import { awaitingReset } from '../domain/account/recovery.js';
import { linkIsDead } from '../domain/account/registration.js';
import { questionText } from '../domain/account/security-questions.js';
import { Streams } from '../engine/streams.js';
import { Clock } from '../ports.js';
import { AccountRules } from './account-rules.js';
import { MailedLinks } from './mailed-link.js';

/** What the page behind a live reset link shows. Asks the account's own state: a dead link must show nothing. */
export class ShowResetQuestions {
  constructor(readonly token: string) {}
}

export interface ResetQuestions {
  readonly questions: readonly { readonly id: string; readonly text: string }[];
  readonly passwordRules: ReturnType<typeof passwordRules>;
}

@QueryHandler(ShowResetQuestions)
export class ShowResetQuestionsHandler implements IQueryHandler<ShowResetQuestions, ResetQuestions> {
  constructor(
    private readonly streams: Streams,
    private readonly links: MailedLinks,
    private readonly rules: AccountRules,
    private readonly clock: Clock,
  ) {}

  /** Throws `LinkDead`, `LinkShut`. */
  async execute({ token }: ShowResetQuestions): Promise<ResetQuestions> {
    const link = this.links.open(['reset'], token);
    if (!link) throw linkIsDead();
    const { state } = await this.streams.read(accountDecider, link.accountId);
    const account = awaitingReset(state, link.linkId, this.clock.now());
    const questions = (account.questions?.ids ?? []).map((id) => ({ id, text: questionText(id) ?? id }));
    return { questions, passwordRules: passwordRules(this.rules.passwordPolicy) };
  }
}
