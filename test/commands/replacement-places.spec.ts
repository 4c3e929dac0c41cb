import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { RandomIds } from '../../src/adapters/system.js';
import { PlacesForReplacements } from '../../src/commands/replacement-places.js';
import { DomainError } from '../../src/domain/domain-error.js';
import type { OwnerReplacementEvent } from '../../src/domain/owner-replacement/events.js';
import { ownerReplacementDecider } from '../../src/domain/owner-replacement/owner-replacement.js';
import { replacementPlacesDecider } from '../../src/domain/replacement-places/replacement-places.js';
import { Codec } from '../../src/engine/codec.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { Streams } from '../../src/engine/streams.js';
import { eventSources } from '../../src/event-sources.js';
import * as past from '../domain/owner-replacement/past.js';
import { FixedClock } from '../support/counters.js';
import { MINUTE } from '../support/given.js';
import { command } from '../support/tally.js';
import { TroubledStore } from '../support/troubled-store.js';

let named = 0;
const fresh = () => command(`c-${(named += 1)}`);
const times = (count: number) => Array.from({ length: count }, (_, index) => index);

/** One log, and two instances that let people apply. */
class Desk {
  readonly clock = new FixedClock();
  readonly keyring = new Keyring(EmbeddedKeyStore.openInMemory(), masterKey(new Uint8Array(32).fill(1)));
  readonly store = new TroubledStore();
  readonly instances = [this.instance(), this.instance()] as const;

  private instance() {
    const ids = new RandomIds();
    const codec = new Codec(eventSources, this.keyring);
    const streams = new Streams(this.store, codec, this.clock, ids, { soleWriter: false });
    return { streams, places: new PlacesForReplacements(streams, ids, this.clock) };
  }

  /** 'taken', or the code of the refusal. */
  async take(applicationId: string, applicantId: string, tradeAccountId = 'trade-1', on: 0 | 1 = 0) {
    try {
      const claimant = { applicationId, applicantId, tradeAccountId, owner: 'owner' };
      await this.instances[on].places.take(claimant, fresh());
      return 'taken';
    } catch (error) {
      if (error instanceof DomainError) return error.code;
      throw error;
    }
  }

  async happens(applicationId: string, ...events: OwnerReplacementEvent[]): Promise<void> {
    await this.instances[0].streams.decide(ownerReplacementDecider, applicationId, () => events, fresh());
  }

  async apply(applicationId: string, applicantId: string, tradeAccountId = 'trade-1'): Promise<string> {
    const outcome = await this.take(applicationId, applicantId, tradeAccountId);
    if (outcome === 'taken') await this.happens(applicationId, past.submitted);
    return outcome;
  }

  async held(holderId: string): Promise<string[]> {
    const { state } = await this.instances[1].streams.read(replacementPlacesDecider, holderId);
    return state.map(({ applicationId }) => applicationId);
  }
}

describe('open applications for one trade account', () => {
  it('are five at most, however many ask at once at several instances', async () => {
    const desk = new Desk();
    const asked = times(16).map((index) =>
      desk.take(`app-${index}`, `ada-${index}`, 'trade-1', index % 2 === 0 ? 0 : 1),
    );
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 'TradeAccountContested')).toHaveLength(11);
    expect(await desk.held('trade-1')).toHaveLength(5);
  });

  it('make room when one is decided, and when the owner objects', async () => {
    const desk = new Desk();
    for (const index of times(5)) await desk.apply(`app-${index}`, `ada-${index}`);
    expect(await desk.apply('app-5', 'ben')).toBe('TradeAccountContested');
    await desk.happens('app-0', past.reviewStarted, past.rejected);
    expect(await desk.apply('app-5', 'ben')).toBe('taken');
    expect(await desk.apply('app-6', 'ben')).toBe('TradeAccountContested');
    await desk.happens('app-1', past.objected);
    expect(await desk.apply('app-6', 'ben')).toBe('taken');
    expect(await desk.apply('app-7', 'ben')).toBe('TradeAccountContested');
  });

  it('that never came, as after a crash, take no place for long', async () => {
    const desk = new Desk();
    for (const index of times(5)) await desk.take(`app-${index}`, `ada-${index}`);
    expect(await desk.take('app-5', 'ben')).toBe('TradeAccountContested');
    desk.clock.at += 10 * MINUTE;
    expect(await desk.take('app-5', 'ben')).toBe('taken');
  });

  it('take none of the places of an applicant whom they keep out', async () => {
    const desk = new Desk();
    for (const index of times(5)) await desk.apply(`app-${index}`, `ada-${index}`);
    expect(await desk.apply('app-5', 'ben')).toBe('TradeAccountContested');
    expect(await desk.held('ben')).toEqual([]);
  });
});

describe('open applications of one account', () => {
  it('are twenty at most, at whichever trade accounts and instances', async () => {
    const desk = new Desk();
    const asked = times(30).map((index) =>
      desk.take(`app-${index}`, 'ada', `trade-${index}`, index % 2 === 0 ? 0 : 1),
    );
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(20);
    expect(outcomes.filter((outcome) => outcome === 'TooManyApplications')).toHaveLength(10);
  });

  it('make room when one is taken back, and not when an owner objects', async () => {
    const desk = new Desk();
    for (const index of times(20)) await desk.apply(`app-${index}`, 'ada', `trade-${index}`);
    await desk.happens('app-0', past.objected);
    expect(await desk.apply('app-20', 'ada', 'trade-20')).toBe('TooManyApplications');
    await desk.happens('app-1', past.withdrawn);
    expect(await desk.apply('app-20', 'ada', 'trade-20')).toBe('taken');
  });
});

it('the same application takes its places once, also where they were freed in the meantime', async () => {
  const desk = new Desk();
  expect(await desk.take('app-1', 'ada')).toBe('taken');
  expect(await desk.take('app-1', 'ada', 'trade-1', 1)).toBe('taken');
  expect([await desk.held('ada'), await desk.held('trade-1')]).toEqual([['app-1'], ['app-1']]);
});
