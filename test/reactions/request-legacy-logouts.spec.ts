import { randomUUID } from 'node:crypto';
import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { RandomIds } from '../../src/adapters/system.js';
import { accountDecider } from '../../src/domain/account/account.js';
import type { AccountEvent } from '../../src/domain/account/events.js';
import type { LegacyAccountEvent } from '../../src/domain/legacy-account/events.js';
import { legacyAccountDecider } from '../../src/domain/legacy-account/legacy-account.js';
import { Codec } from '../../src/engine/codec.js';
import type { Envelope } from '../../src/engine/envelope.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { Streams } from '../../src/engine/streams.js';
import { RequestLegacyLogouts } from '../../src/reactions/request-legacy-logouts.js';
import * as past from '../domain/account/past.js';
import * as legacy from '../domain/legacy-account/past.js';
import { FixedClock } from '../support/counters.js';
import { MINUTE, T0 } from '../support/given.js';

const ACCOUNT = 'a-1';

/** An account that went over to the legacy portal from its session s-1. */
class OverThere {
  readonly clock = new FixedClock(T0);
  private readonly log = EmbeddedEventStore.openInMemory();
  private readonly keyring = new Keyring(
    EmbeddedKeyStore.openInMemory(),
    masterKey(new Uint8Array(32).fill(3)),
  );
  private readonly codec = new Codec([accountDecider, legacyAccountDecider], this.keyring);
  readonly streams = new Streams(this.log, this.codec, this.clock, new RandomIds(), { soleWriter: true });

  static async open(): Promise<OverThere> {
    const there = new OverThere();
    await there.happens(past.registered, past.legacySynced('l-1'), past.signedIn('s-1'));
    const redeemed = [legacy.ticketIssued(), legacy.ticketRedeemed()];
    const events: LegacyAccountEvent[] = [legacy.imported(), legacy.claimed(ACCOUNT), ...redeemed];
    await there.streams.decide(legacyAccountDecider, 'l-1', () => events, context());
    return there;
  }

  async happens(...events: readonly (AccountEvent | readonly AccountEvent[])[]): Promise<Envelope> {
    await this.streams.decide(accountDecider, ACCOUNT, () => events.flat(), context());
    return (await this.events(`account-${ACCOUNT}`)).at(-1)!;
  }

  async events(stream: string): Promise<Envelope[]> {
    return (await this.codec.decode(await this.log.readStream(stream, 0, 100))) as Envelope[];
  }

  async requested(): Promise<Envelope[]> {
    return (await this.events('legacyAccount-l-1')).filter(({ type }) => type === 'LegacyLogoutRequested');
  }

  reaction = (isOpen = true) => new RequestLegacyLogouts(this.streams, this.clock, isOpen);
}

function context() {
  const commandId = randomUUID();
  const actor = { kind: 'system', id: 'test', role: null } as const;
  return { commandId, actor, correlationId: commandId, causationId: commandId };
}

describe('What follows at the legacy portal', () => {
  it('is requested once, however often the event is seen, and says what it follows from', async () => {
    const there = await OverThere.open();
    const event = await there.happens(past.sessionEnded('s-1', 'SignedOut'));
    await there.reaction().react(event);
    await there.reaction().react(event);
    const [request, ...more] = await there.requested();
    expect(more).toEqual([]);
    expect(request!.data).toMatchObject({ sessionId: 's-1', cause: 'SessionEnded', forEvent: event.eventId });
    expect(request!.meta.causationId).toBe(event.eventId);
  });

  it('has the same id wherever the same event is seen', async () => {
    const [here, elsewhere] = [await OverThere.open(), await OverThere.open()];
    const event = await here.happens(past.suspended('SecurityConcern'));
    await elsewhere.happens(past.suspended('SecurityConcern'));
    await here.reaction().react(event);
    await elsewhere.reaction().react(event);
    const ids = [...(await here.requested()), ...(await elsewhere.requested())].map(
      ({ data }) => data.logoutId,
    );
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('is decided by how the account stands: a lock that an officer has lifted since ends nothing', async () => {
    const there = await OverThere.open();
    const locked = await there.happens(past.accountLocked('TooManyFailures', 5));
    await there.happens(past.unlocked);
    await there.reaction().react(locked);
    expect(await there.requested()).toEqual([]);
  });

  it('is nothing where the account never went over, or the legacy portal takes no logouts', async () => {
    const there = await OverThere.open();
    const event = await there.happens(past.signedIn('s-2'), past.sessionEnded('s-2', 'SignedOut'));
    await there.reaction().react(event);
    expect(await there.requested()).toEqual([]);
    expect([...there.reaction(false).types]).toEqual([]);
  });

  it('is for what this account handed over, and for no other that had the same legacy account before', async () => {
    const there = await OverThere.open();
    const others = [legacy.ticketIssued('t-9', T0 + MINUTE, 's-9', 'a-9'), legacy.ticketRedeemed('t-9')];
    await there.streams.decide(legacyAccountDecider, 'l-1', () => others, context());
    await there.reaction().react(await there.happens(past.sessionEnded('s-1', 'SignedOut')));
    expect((await there.requested()).map(({ data }) => data.sessionId)).toEqual(['s-1']);
  });

  it('comes with the end of the account itself', async () => {
    const there = await OverThere.open();
    await there.reaction().react(await there.happens(past.personErased));
    expect((await there.requested()).map(({ data }) => data.cause)).toEqual(['AccountEnded']);
  });
});
