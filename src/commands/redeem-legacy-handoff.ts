import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { handingOver, type HandingOver } from '../domain/account/legacy-handoff.js';
import type { Account } from '../domain/account/state.js';
import { DomainError } from '../domain/domain-error.js';
import { handoffTicketDead, redeemHandoff } from '../domain/legacy-account/handing-over.js';
import { legacyAccountDecider } from '../domain/legacy-account/legacy-account.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { Clock } from '../ports.js';
import { HandoffTickets, type TicketContent } from './handoff-tickets.js';
import { targetNow } from './issue-legacy-handoff.js';

/** The legacy portal has received a ticket and asks, once, whom it lets in. */
export class RedeemLegacyHandoff {
  constructor(
    readonly ticket: string,
    readonly context: CommandContext,
  ) {}
}

export interface RedeemedHandoff {
  readonly accountId: string;
  readonly sessionId: string;
  readonly sessionExpiresAt: number;
  readonly legacyUserId: string;
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
}

@CommandHandler(RedeemLegacyHandoff)
export class RedeemLegacyHandoffHandler implements ICommandHandler<RedeemLegacyHandoff, RedeemedHandoff> {
  constructor(
    private readonly streams: Streams,
    private readonly tickets: HandoffTickets,
    private readonly clock: Clock,
  ) {}

  /** Throws `HandoffNotOpen`, and `HandoffTicketDead` for every ticket that opens nothing, whatever it died of. */
  async execute({ ticket, context }: RedeemLegacyHandoff): Promise<RedeemedHandoff> {
    const content = await this.tickets.read(await targetNow(this.tickets, this.streams), ticket);
    if (content === null) throw handoffTicketDead();
    const { legacy } = await this.open(content);
    const decision = redeemHandoff(content);
    const decided = await this.streams.decide(
      legacyAccountDecider,
      legacy.legacyAccountId,
      decision,
      context,
    );
    if (decided.repeated) throw handoffTicketDead();
    // A lock or a sign-out that came between the look and the append is in the log before the hand-off, where whoever tells the
    // legacy portal to end its sessions may have looked too early. Seen here, it lets nobody in. One that comes later finds the hand-off.
    const { session, legacyUserId, account } = await this.open(content);
    const { givenName, familyName } = account;
    const { id: sessionId, expiresAt: sessionExpiresAt } = session;
    return { accountId: content.accountId, sessionId, sessionExpiresAt, legacyUserId, givenName, familyName };
  }

  private async open({ accountId, sessionId }: TicketContent) {
    const { state } = await this.streams.read(accountDecider, accountId);
    const { session, legacy } = handingOverOrDead(state, sessionId, this.clock.now());
    const { legacyUserId } = legacy;
    if (state.status !== 'Registered' || legacyUserId === undefined) throw handoffTicketDead();
    return { session, legacy, legacyUserId, account: state };
  }
}

/** The legacy portal is not told why. */
function handingOverOrDead(account: Account, sessionId: string, now: number): HandingOver {
  try {
    return handingOver(account, sessionId, now);
  } catch (error) {
    throw error instanceof DomainError ? handoffTicketDead() : error;
  }
}
