import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import type { Role } from '../domain/account/events.js';
import { revokeRole } from '../domain/account/registration.js';
import { Streams, type CommandContext } from '../engine/streams.js';

/** An operator takes a role away. Nothing happens where they do not have it. */
export class RevokeRole {
  constructor(
    readonly accountId: string,
    readonly role: Role,
    readonly reason: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(RevokeRole)
export class RevokeRoleHandler implements ICommandHandler<RevokeRole, boolean> {
  constructor(private readonly streams: Streams) {}

  /** False when it was so before. Throws `AccountUnknown`. */
  async execute({ accountId, role, reason, context }: RevokeRole): Promise<boolean> {
    const decision = revokeRole(role, reason);
    const { events } = await this.streams.decide(accountDecider, accountId, decision, context);
    return events.length > 0;
  }
}
