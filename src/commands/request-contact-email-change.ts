import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { requestContactEmailChange } from '../domain/account/contact-email.js';
import { noteRegistrationAttempt } from '../domain/account/registration.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { Ids } from '../ports.js';
import { Emails } from './emails.js';

/** Asks for another contact address, which must confirm. Whether it belongs to somebody else is not told. */
export class RequestContactEmailChange {
  constructor(
    readonly accountId: string,
    readonly sessionId: string,
    readonly email: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(RequestContactEmailChange)
export class RequestContactEmailChangeHandler implements ICommandHandler<RequestContactEmailChange, void> {
  constructor(
    private readonly streams: Streams,
    private readonly emails: Emails,
    private readonly ids: Ids,
  ) {}

  async execute({ accountId, sessionId, email, context }: RequestContactEmailChange): Promise<void> {
    const emailKey = this.emails.keyOf(email);
    const owner = await this.emails.accountOf(emailKey);
    // Nothing is claimed yet: the address proves itself first, or anybody could keep its owner from registering.
    const held = owner === null || owner === accountId;
    const change = { changeId: this.ids.next(), email, emailKey, held };
    const decision = requestContactEmailChange(sessionId, change);
    await this.streams.decide(accountDecider, accountId, decision, context);
    if (held) return;
    await this.streams.decide(accountDecider, owner, noteRegistrationAttempt(), context);
  }
}
