import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { handingOver } from '../domain/account/legacy-handoff.js';
import { DomainError } from '../domain/domain-error.js';
import { issueHandoff } from '../domain/legacy-account/handing-over.js';
import { legacyAccountDecider } from '../domain/legacy-account/legacy-account.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { Clock, Ids } from '../ports.js';
import { HandoffTickets, type HandoffTarget } from './handoff-tickets.js';
import { LegacyPortalState } from './legacy-portal-state.js';

/** “Legacy ACE Portal”: a ticket with which the session's browser gets in there without signing in again. */
export class IssueLegacyHandoff {
  constructor(
    readonly accountId: string,
    readonly sessionId: string,
    readonly context: CommandContext,
  ) {}
}

export interface IssuedHandoff {
  readonly ticket: string;
  readonly postTo: string;
  readonly expiresAt: number;
}

@CommandHandler(IssueLegacyHandoff)
export class IssueLegacyHandoffHandler implements ICommandHandler<IssueLegacyHandoff, IssuedHandoff> {
  constructor(
    private readonly streams: Streams,
    private readonly tickets: HandoffTickets,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Throws `HandoffNotOpen`, `AccountShut`, `SessionEnded`, `LegacyNotSynced`, `LegacyAccountNotInGoodStanding`, `TooManyHandoffs`, and
   *  `AnswerNotKept` for a repetition: no ticket is shown twice. */
  async execute({ accountId, sessionId, context }: IssueLegacyHandoff): Promise<IssuedHandoff> {
    const target = await targetNow(this.tickets, this.streams);
    const { state } = await this.streams.read(accountDecider, accountId);
    const { legacy } = handingOver(state, sessionId, this.clock.now());
    const ticketId = this.ids.next();
    const decision = issueHandoff(ticketId, accountId, sessionId);
    const decided = await this.streams.decide(
      legacyAccountDecider,
      legacy.legacyAccountId,
      decision,
      context,
    );
    const [issued] = decided.events.flatMap((event) =>
      event.type === 'LegacyHandoffIssued' && event.data.ticketId === ticketId ? [event.data] : [],
    );
    if (!issued) {
      throw new DomainError('AnswerNotKept', 'This was answered before, and its ticket is not shown twice.');
    }
    const ticket = await this.tickets.sign(target, issued);
    return { ticket, postTo: target.url, expiresAt: issued.expiresAt };
  }
}

/** Throws `HandoffNotOpen`. */
export function openTarget({ target }: HandoffTickets): HandoffTarget {
  if (target !== null) return target;
  throw handoffNotOpen();
}

/** As `openTarget`, and nobody is handed over to a legacy portal that was retired since. */
export async function targetNow(tickets: HandoffTickets, streams: Streams): Promise<HandoffTarget> {
  if (await new LegacyPortalState(streams).isRetired()) throw handoffNotOpen();
  return openTarget(tickets);
}

const handoffNotOpen = () =>
  new DomainError('HandoffNotOpen', 'This portal hands nobody over to the legacy portal.');
