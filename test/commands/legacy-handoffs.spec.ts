import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { RandomIds } from '../../src/adapters/system.js';
import { HandoffTickets, type HandoffTarget } from '../../src/commands/handoff-tickets.js';
import { IssueLegacyHandoff, IssueLegacyHandoffHandler } from '../../src/commands/issue-legacy-handoff.js';
import { RedeemLegacyHandoff, RedeemLegacyHandoffHandler } from '../../src/commands/redeem-legacy-handoff.js';
import { accountDecider } from '../../src/domain/account/account.js';
import type { AccountEvent } from '../../src/domain/account/events.js';
import { legacyAccountDecider } from '../../src/domain/legacy-account/legacy-account.js';
import { Codec } from '../../src/engine/codec.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { SigningKeys } from '../../src/engine/signing-keys.js';
import { Streams } from '../../src/engine/streams.js';
import type { KeyStore } from '../../src/ports.js';
import * as past from '../domain/account/past.js';
import { claimed, imported } from '../domain/legacy-account/past.js';
import { FixedClock } from '../support/counters.js';
import { command } from '../support/tally.js';

const clock = new FixedClock();
const target: HandoffTarget = { url: 'https://legacy.example/in', clientId: 'legacy', keys: { keys: [] } };
const session = { ...past.signedIn('s-1') } as Extract<AccountEvent, { type: 'LoginSucceeded' }>;
const signedIn: AccountEvent = {
  ...session,
  data: { ...session.data, session: { ...session.data.session, expiresAt: clock.now() + 3_600_000 } },
};
let named = 0;
const fresh = () => command(`c-${(named += 1)}`);

/** One of several instances on the same stores. */
function instance(events: EmbeddedEventStore, keys: KeyStore) {
  const keyring = new Keyring(keys, masterKey(new Uint8Array(32).fill(1)));
  const codec = new Codec([accountDecider, legacyAccountDecider], keyring);
  const ids = new RandomIds();
  const streams = new Streams(events, codec, clock, ids, { soleWriter: false });
  const signing = new SigningKeys(keyring, clock);
  const tickets = new HandoffTickets(target, 'https://portal.example', signing, clock);
  const issuing = new IssueLegacyHandoffHandler(streams, tickets, clock, ids);
  const redeeming = new RedeemLegacyHandoffHandler(streams, tickets, clock);
  return {
    streams,
    issue: () => issuing.execute(new IssueLegacyHandoff('ada', 's-1', fresh())),
    redeem: (ticket: string) => redeeming.execute(new RedeemLegacyHandoff(ticket, fresh())),
  };
}

let events: EmbeddedEventStore;
let one: ReturnType<typeof instance>;
let other: ReturnType<typeof instance>;
beforeEach(async () => {
  events = EmbeddedEventStore.openInMemory();
  const keys = EmbeddedKeyStore.openInMemory();
  [one, other] = [instance(events, keys), instance(events, keys)];
  const { legacyAccountId } = past.legacySynced().data as { legacyAccountId: string };
  const account = [...past.registered, signedIn, past.legacySynced()];
  await one.streams.decide(accountDecider, 'ada', () => account, fresh());
  const legacy = [imported(), claimed('ada')];
  await one.streams.decide(legacyAccountDecider, legacyAccountId, () => legacy, fresh());
});

const logged = async (type: string) =>
  (await events.readLog(null, 200)).filter((event) => event.type === type).length;
const happens = (...now: AccountEvent[]) => other.streams.decide(accountDecider, 'ada', () => now, fresh());

it('a ticket of one instance is redeemed at another', async () => {
  const { ticket, postTo } = await one.issue();
  expect(postTo).toBe('https://legacy.example/in');
  expect(await other.redeem(ticket)).toMatchObject({ accountId: 'ada', sessionId: 's-1' });
});

it('64 redemptions at once, at two instances, give one', async () => {
  const { ticket } = await one.issue();
  const all = Array.from({ length: 64 }, (_, index) => (index % 2 === 0 ? one : other).redeem(ticket));
  const results = await Promise.allSettled(all);
  const refused = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as object] : [],
  );
  expect(refused).toHaveLength(63);
  for (const refusal of refused) expect(refusal).toMatchObject({ code: 'HandoffTicketDead' });
  expect(await logged('LegacyHandoffRedeemed')).toBe(1);
});

it.each([
  ['a lock', past.accountLocked('TooManyFailures', 5)],
  ['a suspension', past.suspended('SecurityConcern')],
  ['a sign-out', past.sessionEnded('s-1', 'SignedOut')],
])('%s in the very moment of the redemption lets nobody in', async (_, event) => {
  const { ticket } = await one.issue();
  const { append } = events;
  events.append = async (stream, expected, records) => {
    events.append = append;
    // The door was open when it was looked at; this comes before the hand-off in the log.
    await happens(event);
    return events.append(stream, expected, records);
  };
  await expect(one.redeem(ticket)).rejects.toMatchObject({ code: 'HandoffTicketDead' });
  // Used up all the same: open again, the account needs another one.
  expect(await logged('LegacyHandoffRedeemed')).toBe(1);
});
