import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { restoreContactEmail } from '../domain/account/contact-email.js';
import { repudiateReset } from '../domain/account/recovery.js';
import { linkIsDead } from '../domain/account/registration.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { MailedLinks } from './mailed-link.js';

/** "This wasn't me", from the mail about a reset or a change of address. */
export class Repudiate {
  constructor(
    readonly token: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(Repudiate)
export class RepudiateHandler implements ICommandHandler<Repudiate, void> {
  constructor(
    private readonly streams: Streams,
    private readonly links: MailedLinks,
  ) {}

  /** Throws `LinkDead`. */
  async execute({ token, context }: Repudiate): Promise<void> {
    const link = this.links.open(['not-me-reset', 'not-me-email'], token);
    if (!link) throw linkIsDead();
    const { purpose, accountId, linkId } = link;
    const decision = purpose === 'not-me-reset' ? repudiateReset(linkId) : restoreContactEmail(linkId);
    await this.streams.decide(accountDecider, accountId, decision, context);
  }
}
