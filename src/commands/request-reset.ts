import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { requestReset } from '../domain/account/recovery.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { Ids } from '../ports.js';
import { Emails } from './emails.js';

/** "Forgot your password?" Known or not, the address gets no answer here; its owner gets a mail. */
export class RequestReset {
  constructor(
    readonly email: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(RequestReset)
export class RequestResetHandler implements ICommandHandler<RequestReset, void> {
  constructor(
    private readonly streams: Streams,
    private readonly emails: Emails,
    private readonly ids: Ids,
  ) {}

  async execute({ email, context }: RequestReset): Promise<void> {
    const accountId = await this.emails.accountOf(this.emails.keyOf(email));
    if (accountId === null) return;
    await this.streams.decide(accountDecider, accountId, requestReset(this.ids.next()), context);
  }
}
