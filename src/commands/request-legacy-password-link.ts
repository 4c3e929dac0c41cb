import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { legacyAccountDecider } from '../domain/legacy-account/legacy-account.js';
import { requestPasswordLink } from '../domain/legacy-account/password-link.js';
import type { PasswordLinkPurpose } from '../domain/legacy-account/password-link-events.js';
import { Streams, type CommandContext, type Decided } from '../engine/streams.js';
import { Ids } from '../ports.js';

/** Has the user of a legacy account mailed a link, at the address that the directory has, to set its password by. */
export class RequestLegacyPasswordLink {
  constructor(
    readonly legacyAccountId: string,
    readonly purpose: PasswordLinkPurpose,
    readonly reason: string | undefined,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(RequestLegacyPasswordLink)
export class RequestLegacyPasswordLinkHandler implements ICommandHandler<
  RequestLegacyPasswordLink,
  Decided<(typeof legacyAccountDecider)['events'], (typeof legacyAccountDecider)['initial']>
> {
  constructor(
    private readonly streams: Streams,
    private readonly ids: Ids,
  ) {}

  /** Throws what `requestPasswordLink` throws. */
  execute({ legacyAccountId, purpose, reason, context }: RequestLegacyPasswordLink) {
    const decision = requestPasswordLink(this.ids.next(), purpose, reason);
    return this.streams.decide(legacyAccountDecider, legacyAccountId, decision, context);
  }
}
