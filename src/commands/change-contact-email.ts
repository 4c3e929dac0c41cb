import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { changeContactEmail } from '../domain/account/contact-email.js';
import { linkIsDead } from '../domain/account/registration.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { Emails } from './emails.js';
import { MailedLinks } from './mailed-link.js';

/** The new address confirms by its mailed link. */
export class ChangeContactEmail {
  constructor(
    readonly token: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(ChangeContactEmail)
export class ChangeContactEmailHandler implements ICommandHandler<ChangeContactEmail, void> {
  constructor(
    private readonly streams: Streams,
    private readonly emails: Emails,
    private readonly links: MailedLinks,
  ) {}

  /** Throws `LinkDead`, also when somebody else claimed the address in the meantime. */
  async execute({ token, context }: ChangeContactEmail): Promise<void> {
    const link = this.links.open(['confirm-email'], token);
    if (!link) throw linkIsDead();
    const { accountId, linkId } = link;
    const { state } = await this.streams.read(accountDecider, accountId);
    const change = state.status === 'Registered' ? state.emailChange : null;
    if (change?.id === linkId && change.held) {
      const holder = await this.emails.claim(change.emailKey, accountId, context);
      if (holder !== null) throw linkIsDead();
    }
    await this.streams.decide(accountDecider, accountId, changeContactEmail(linkId), context);
  }
}
