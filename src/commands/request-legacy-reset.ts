import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { LegacyAccount } from '../domain/legacy-account/legacy-account.js';
import { legacyAccountUnknown } from '../domain/legacy-account/password-link.js';
import type { CommandContext } from '../engine/streams.js';
import { LegacyDirectory } from './legacy-directory.js';
import { LegacyResets } from './legacy-resets.js';

/** The ACE Service Desk asks for another password of a legacy account, for its user. */
export class RequestLegacyReset {
  constructor(
    readonly legacyAccountId: string,
    /** As the caller told it: where the account is not known here. */
    readonly legacyUserId: string | undefined,
    readonly reason: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(RequestLegacyReset)
export class RequestLegacyResetHandler implements ICommandHandler<RequestLegacyReset, LegacyAccount> {
  constructor(
    private readonly directory: LegacyDirectory,
    private readonly resets: LegacyResets,
  ) {}

  /** Throws what `LegacyResets.request` throws. */
  async execute(command: RequestLegacyReset): Promise<LegacyAccount> {
    const { legacyAccountId, legacyUserId, reason, context } = command;
    if (legacyUserId !== undefined && this.directory.idOf(legacyUserId) !== legacyAccountId) {
      throw legacyAccountUnknown();
    }
    return this.resets.request(legacyAccountId, legacyUserId, reason, context);
  }
}
