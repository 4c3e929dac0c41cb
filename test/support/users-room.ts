import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { RandomIds } from '../../src/adapters/system.js';
import { Emails } from '../../src/commands/emails.js';
import { IndividualUsers } from '../../src/commands/individual-users.js';
import { LegacyChanges } from '../../src/commands/legacy-changes.js';
import { LegacyClaims } from '../../src/commands/legacy-claims.js';
import { LegacyDirectory } from '../../src/commands/legacy-directory.js';
import { TradeAccounts } from '../../src/commands/trade-accounts.js';
import { accountDecider } from '../../src/domain/account/account.js';
import type { Decider, Decision } from '../../src/domain/decider.js';
import type { EventShapes, NewEvent } from '../../src/domain/events.js';
import { legacyAccountDecider } from '../../src/domain/legacy-account/legacy-account.js';
import { tradeAccountDecider } from '../../src/domain/trade-account/trade-account.js';
import { Codec, isUndecodable } from '../../src/engine/codec.js';
import type { Reaction } from '../../src/engine/projection.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { Streams } from '../../src/engine/streams.js';
import { eventSources } from '../../src/event-sources.js';
import { IndividualUserSteps } from '../../src/reactions/individual-users.js';
import { LegacySyncs } from '../../src/reactions/legacy-syncs.js';
import * as account from '../domain/account/past.js';
import { individual } from '../domain/legacy-account/past.js';
import * as trade from '../domain/trade-account/past.js';
import { FixedClock } from './counters.js';
import { DAY } from './given.js';
import { command } from './tally.js';

const ADDRESS_KEY = new Uint8Array(32).fill(2);
export const TRADE = new TradeAccounts(ADDRESS_KEY).idOf('Importer', '12-3456789');
export const USER = 'u-1';
let named = 0;
export const fresh = () => command(`c-${(named += 1)}`);

/** One trade account with its owner and Ben, who is to be its individual user, on a log that the test writes step by step. */
export class UsersRoom {
  readonly clock = new FixedClock();
  readonly events = EmbeddedEventStore.openInMemory();
  private readonly keyring = new Keyring(
    EmbeddedKeyStore.openInMemory(),
    masterKey(new Uint8Array(32).fill(1)),
  );
  private readonly codec = new Codec(eventSources, this.keyring);
  readonly streams = new Streams(this.events, this.codec, this.clock, new RandomIds(), { soleWriter: true });
  readonly directory = new LegacyDirectory(ADDRESS_KEY, this.streams, this.keyring);
  readonly users = new IndividualUsers(
    ADDRESS_KEY,
    this.streams,
    this.directory,
    new Emails(ADDRESS_KEY, this.streams, this.clock),
    new RandomIds(),
  );
  readonly claims = new LegacyClaims(this.streams, new TradeAccounts(ADDRESS_KEY));
  readonly changes = new LegacyChanges(this.streams, new TradeAccounts(ADDRESS_KEY));
  readonly legacyId = this.directory.idOf(this.users.legacyUserIdOf(USER, 0));

  async open(): Promise<this> {
    await this.happens(accountDecider, 'ben', ...account.registered);
    await this.happens(
      tradeAccountDecider,
      TRADE,
      trade.opened('owner'),
      trade.granted('owner', 'RunReports'),
    );
    return this;
  }

  decide<S extends EventShapes, State>(decider: Decider<S, State>, id: string, decision: Decision<S, State>) {
    return this.streams.decide(decider, id, decision, fresh());
  }

  happens<S extends EventShapes, State>(decider: Decider<S, State>, id: string, ...events: NewEvent<S>[]) {
    return this.decide(decider, id, () => events);
  }

  create(): Promise<string> {
    return this.users.create({ ...individual, userId: USER, tradeAccountId: TRADE }, fresh());
  }

  /** What the reactions make of the whole log and of what they add to it, as long after a crash that lost their checkpoints. */
  async react(): Promise<void> {
    this.clock.at += 2 * DAY;
    const syncs = new LegacySyncs(this.claims, this.changes);
    const reactions: Reaction[] = [syncs, new IndividualUserSteps(this.users)];
    for (let page = await this.events.readLog(null, 1); page.length > 0;) {
      const [event] = await this.codec.decode(page);
      for (const { types, react } of reactions) {
        if (event && !isUndecodable(event) && types.has(event.type)) await react(event);
      }
      page = await this.events.readLog(page[0]!.position, 1);
    }
  }

  async types(): Promise<string[]> {
    return (await this.events.readLog(null, 200)).map(({ type }) => type);
  }

  async tradeAccount() {
    const { state } = await this.streams.read(tradeAccountDecider, TRADE);
    if (state.status !== 'Open') throw new Error('not opened');
    return state;
  }

  async legacyAccount() {
    return (await this.streams.read(legacyAccountDecider, this.legacyId)).state;
  }
}
