import { DomainError } from '../domain-error.js';
import { entryOf } from './claim.js';
import { liveTickets, type HandoffTicket } from './handoffs.js';
import type { LegacyAccountDecision } from './legacy-account.js';

/** Long enough for a browser to carry it over, and no longer. */
export const HANDOFF_TICKET_MS = 60_000;
/** Somebody who clicks, not a program that floods the log. */
export const LIVE_TICKETS_MAX = 10;

/** A ticket for the account that was synced with this legacy account. Throws `LegacyNotSynced`, `LegacyAccountNotInGoodStanding`,
 *  `TooManyHandoffs`. */
export const issueHandoff =
  (ticketId: string, accountId: string, sessionId: string): LegacyAccountDecision =>
  (account, now) => {
    const entry = entryOf(account);
    if (entry === null || account.claimedBy !== accountId) throw legacyNotSynced();
    if (entry.profile.status !== 'Active') {
      throw new DomainError(
        'LegacyAccountNotInGoodStanding',
        'Your legacy ACE Portal account must be active and in good standing.',
      );
    }
    if (liveTickets(account.tickets, now).length >= LIVE_TICKETS_MAX) {
      throw new DomainError('TooManyHandoffs', 'You went over to the legacy portal too often just now.');
    }
    const expiresAt = now + HANDOFF_TICKET_MS;
    return [{ type: 'LegacyHandoffIssued', data: { ticketId, accountId, sessionId, expiresAt } }];
  };

/** The first use of a live ticket, which must say what it said when it was given out. Throws `HandoffTicketDead`. */
export const redeemHandoff =
  ({ ticketId, accountId, sessionId }: Omit<HandoffTicket, 'expiresAt'>): LegacyAccountDecision =>
  (account, now) => {
    const ticket = liveTickets(account.tickets, now).find((other) => other.ticketId === ticketId);
    const isMeant = ticket?.accountId === accountId && ticket.sessionId === sessionId;
    // What was true when it was given out may have ended since.
    const isOpen = account.claimedBy === accountId && entryOf(account)?.profile.status === 'Active';
    if (!isMeant || !isOpen) throw handoffTicketDead();
    return [{ type: 'LegacyHandoffRedeemed', data: { ticketId } }];
  };

export const legacyNotSynced = () =>
  new DomainError('LegacyNotSynced', 'Your account is not synced with a legacy account.');

/** One refusal, whatever the ticket died of. */
export const handoffTicketDead = () => new DomainError('HandoffTicketDead', 'This ticket opens nothing.');
