import {
  HANDOFF_TICKET_MS,
  issueHandoff,
  LIVE_TICKETS_MAX,
  redeemHandoff,
} from '../../../src/domain/legacy-account/handing-over.js';
import { HANDOFFS_MAX } from '../../../src/domain/legacy-account/handoffs.js';
import { legacyAccountDecider } from '../../../src/domain/legacy-account/legacy-account.js';
import { HOUR, MINUTE, SECOND, storyOf, T0 } from '../../support/given.js';
import { changed, claimed, imported, released, ticketIssued, ticketRedeemed } from './past.js';

const given = storyOf(legacyAccountDecider);
const issue = (ticketId = 't-1', accountId = 'a-1', sessionId = 's-1') =>
  issueHandoff(ticketId, accountId, sessionId);
const redeem = (ticketId = 't-1', accountId = 'a-1', sessionId = 's-1') =>
  redeemHandoff({ ticketId, accountId, sessionId });
const synced = () => given(imported(), claimed('a-1'));

describe('a ticket into the legacy portal', () => {
  it('is given to the account that has the legacy account, for a minute', () => {
    synced()
      .when(issue())
      .then(ticketIssued('t-1', T0 + HANDOFF_TICKET_MS));
    expect(HANDOFF_TICKET_MS).toBe(60 * SECOND);
  });

  it('is refused to everybody else', () => {
    synced().when(issue('t-1', 'a-2')).thenRefused('LegacyNotSynced');
    given(imported()).when(issue()).thenRefused('LegacyNotSynced');
    given().when(issue()).thenRefused('LegacyNotSynced');
    synced().and(released('a-1')).when(issue()).thenRefused('LegacyNotSynced');
  });

  it.each(['Inactive', 'NotInGoodStanding'] as const)(
    'is refused once the legacy account is %s',
    (status) => {
      synced().and(changed({ status })).when(issue()).thenRefused('LegacyAccountNotInGoodStanding');
    },
  );

  it('is refused where ten are alive, until one of them has died', () => {
    const many = Array.from({ length: LIVE_TICKETS_MAX }, (_, n) => ticketIssued(`t-${n}`));
    synced().and(many).when(issue('t-11')).thenRefused('TooManyHandoffs');
    synced()
      .and(many)
      .after(HANDOFF_TICKET_MS)
      .when(issue('t-11'))
      .then(ticketIssued('t-11', T0 + 2 * HANDOFF_TICKET_MS));
    synced()
      .and(many, ticketRedeemed('t-3'))
      .when(issue('t-11'))
      .then(ticketIssued('t-11', T0 + HANDOFF_TICKET_MS));
  });
});

describe('the redemption of a ticket', () => {
  const issued = () => synced().and(ticketIssued('t-1', T0 + MINUTE));

  it('is recorded once', () => {
    issued().when(redeem()).then(ticketRedeemed()).when(redeem()).thenRefused('HandoffTicketDead');
  });

  it('comes within a minute or never', () => {
    issued()
      .after(MINUTE - 1)
      .when(redeem())
      .then(ticketRedeemed());
    issued().after(MINUTE).when(redeem()).thenRefused('HandoffTicketDead');
  });

  it('is of the account and the session that the ticket was given to', () => {
    issued().when(redeem('t-1', 'a-2')).thenRefused('HandoffTicketDead');
    issued()
      .when(redeem('t-1', 'a-1', 's-2'))
      .thenRefused('HandoffTicketDead');
    issued().when(redeem('t-2')).thenRefused('HandoffTicketDead');
  });

  it('is refused once the legacy account is not active any more, or not this account’s', () => {
    issued()
      .and(changed({ status: 'Inactive' }))
      .when(redeem())
      .thenRefused('HandoffTicketDead');
    issued().and(released('a-1')).when(redeem()).thenRefused('HandoffTicketDead');
    issued().and(released('a-1'), claimed('a-2')).when(redeem('t-1', 'a-2')).thenRefused('HandoffTicketDead');
  });

  it('leaves other tickets alive', () => {
    issued()
      .and(ticketIssued('t-2'))
      .when(redeem('t-1'))
      .then(ticketRedeemed('t-1'))
      .when(redeem('t-2'))
      .then(ticketRedeemed('t-2'));
  });
});

describe('what is remembered of hand-offs', () => {
  it('is which session here opened one there', () => {
    const { state } = synced().and(ticketIssued('t-1'), ticketRedeemed('t-1'));
    expect(state).toMatchObject({
      tickets: [],
      handoffs: [{ ticketId: 't-1', accountId: 'a-1', sessionId: 's-1', redeemedAt: T0 }],
    });
  });

  it('is the newest of each session', () => {
    const { state } = synced().and(
      ...[ticketIssued('t-1'), ticketRedeemed('t-1'), ticketIssued('t-2', T0 + MINUTE, 's-2')],
      ...[ticketRedeemed('t-2'), ticketIssued('t-3'), ticketRedeemed('t-3')],
    );
    expect(state.handoffs.map(({ ticketId }) => ticketId)).toEqual(['t-2', 't-3']);
  });

  it('is bounded: tickets that died go with the next one, hand-offs after a day', () => {
    const old = synced().and(ticketIssued('t-1'), ticketRedeemed('t-1'), ticketIssued('t-2'));
    const later = old.after(24 * HOUR).and(ticketIssued('t-3', T0 + 25 * HOUR, 's-3'));
    expect(later.state.tickets.map(({ ticketId }) => ticketId)).toEqual(['t-3']);
    expect(later.and(ticketRedeemed('t-3')).state.handoffs.map(({ ticketId }) => ticketId)).toEqual(['t-3']);
  });

  it('is bounded, however many sessions there were in a day', () => {
    const often = Array.from({ length: HANDOFFS_MAX + 5 }, (_, n) => [
      ticketIssued(`t-${n}`, T0 + MINUTE, `s-${n}`),
      ticketRedeemed(`t-${n}`),
    ]);
    const { state } = synced().and(often.flat());
    expect(state.handoffs).toHaveLength(HANDOFFS_MAX);
    expect(state.handoffs.at(-1)).toMatchObject({ sessionId: `s-${HANDOFFS_MAX + 4}` });
  });
});
