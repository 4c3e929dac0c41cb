import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import type { Role } from '../domain/account/events.js';
import { grantRole } from '../domain/account/registration.js';
import { Streams, type CommandContext } from '../engine/streams.js';

/** An operator gives a member of staff one more role. Nothing happens where they have it already. */
export class GrantRole {
  constructor(
    readonly accountId: string,
    readonly role: Role,
    readonly reason: string,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(GrantRole)
export class GrantRoleHandler implements ICommandHandler<GrantRole, boolean> {
  constructor(private readonly streams: Streams) {}

  /** False when it was so before. Throws `AccountUnknown`, `AccountUnconfirmed`. */
  async execute({ accountId, role, reason, context }: GrantRole): Promise<boolean> {
    const decision = grantRole(role, reason);
    const { events } = await this.streams.decide(accountDecider, accountId, decision, context);
    return events.length > 0;
  }
}
