/** A way into the legacy portal without signing in there: it opens one session, once, and soon or never. */
export interface HandoffTicket {
  readonly ticketId: string;
  readonly accountId: string;
  /** Of the account, here. */
  readonly sessionId: string;
  readonly expiresAt: number;
}

/** A session of the legacy portal that a ticket opened: it is to end with the session here that it came from. */
export interface Handoff {
  readonly ticketId: string;
  readonly accountId: string;
  readonly sessionId: string;
  readonly redeemedAt: number;
}

/** A session here lasts a day at most, and the legacy portal ends the ones that came from it by then. */
export const HANDOFF_KEPT_MS = 24 * 3_600_000;
/** Of different sessions: more than one person begins in a day. */
export const HANDOFFS_MAX = 100;

/** The tickets that are still good, with this one. */
export const withTicket = (
  tickets: readonly HandoffTicket[],
  ticket: HandoffTicket,
  at: number,
): readonly HandoffTicket[] => [...liveTickets(tickets, at), ticket];

export const liveTickets = (tickets: readonly HandoffTicket[], now: number): readonly HandoffTicket[] =>
  tickets.filter(({ expiresAt }) => now < expiresAt);

/** The newest of each session. */
export function withHandoff(
  handoffs: readonly Handoff[],
  { ticketId, accountId, sessionId }: HandoffTicket,
  at: number,
): readonly Handoff[] {
  const others = handoffs.filter(
    (handoff) => handoff.sessionId !== sessionId && at - handoff.redeemedAt < HANDOFF_KEPT_MS,
  );
  return [...others, { ticketId, accountId, sessionId, redeemedAt: at }].slice(-HANDOFFS_MAX);
}
