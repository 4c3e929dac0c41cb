import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { tellOfRetirement } from '../domain/account/legacy-retirement.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import type { Instant, Position } from '../ports.js';

/** Has an account's owner told of a notice about the legacy portal's retirement; null: it was called off. */
export class TellLegacyRetirement {
  constructor(
    readonly accountId: string,
    readonly notice: number,
    readonly retiresAt: Instant | null,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(TellLegacyRetirement)
export class TellLegacyRetirementHandler implements ICommandHandler<TellLegacyRetirement, Position | null> {
  constructor(private readonly streams: Streams) {}

  /** Where the account's last event stands: once mails are past it, this one is out. */
  async execute({ accountId, notice, retiresAt, context }: TellLegacyRetirement): Promise<Position | null> {
    const decision = tellOfRetirement(notice, retiresAt);
    return (await this.streams.decide(accountDecider, accountId, decision, context)).position;
  }
}
