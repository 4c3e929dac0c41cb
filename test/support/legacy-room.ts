import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { RandomIds } from '../../src/adapters/system.js';
import { LegacyChanges } from '../../src/commands/legacy-changes.js';
import { LegacyClaims } from '../../src/commands/legacy-claims.js';
import { TradeAccounts } from '../../src/commands/trade-accounts.js';
import { accountDecider } from '../../src/domain/account/account.js';
import type { AccountEvent } from '../../src/domain/account/events.js';
import { claimLegacyAccount } from '../../src/domain/legacy-account/claim.js';
import { importLegacyAccount } from '../../src/domain/legacy-account/import.js';
import { legacyAccountDecider } from '../../src/domain/legacy-account/legacy-account.js';
import type { LegacyRecord } from '../../src/domain/legacy-account/record.js';
import type { TradeAccountEvent } from '../../src/domain/trade-account/events.js';
import { permissionsOf, tradeAccountDecider } from '../../src/domain/trade-account/trade-account.js';
import { Codec, isUndecodable } from '../../src/engine/codec.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { Streams } from '../../src/engine/streams.js';
import { eventSources } from '../../src/event-sources.js';
import { LegacySyncs } from '../../src/reactions/legacy-syncs.js';
import { record } from '../domain/legacy-account/past.js';
import { FixedClock } from './counters.js';
import { command } from './tally.js';
import { TroubledStore } from './troubled-store.js';

/** A log that fails as the test says, with legacy accounts, people and trade accounts on it. */
export class LegacyRoom {
  readonly store = new TroubledStore();
  readonly clock = new FixedClock();
  readonly tradeAccounts = new TradeAccounts(new Uint8Array(32).fill(2));
  private readonly codec = new Codec(
    eventSources,
    new Keyring(EmbeddedKeyStore.openInMemory(), masterKey(new Uint8Array(32).fill(1))),
  );
  private named = 0;
  private line = 0;

  /** As after a restart, or elsewhere: nothing remembered but what the log holds. */
  instance() {
    const streams = new Streams(this.store, this.codec, this.clock, new RandomIds(), { soleWriter: false });
    const claims = new LegacyClaims(streams, this.tradeAccounts);
    const changes = new LegacyChanges(streams, this.tradeAccounts);
    return { streams, claims, changes, reaction: new LegacySyncs(claims, changes) };
  }

  fresh() {
    this.named += 1;
    return command(`c-${this.named}`);
  }

  /** One row of an import. */
  async tell(legacyAccountId: string, more: Partial<LegacyRecord>): Promise<void> {
    this.line += 1;
    const decision = importLegacyAccount({ ...record, ...more }, { file: `file-${this.line}`, line: 1 });
    await this.instance().streams.decide(legacyAccountDecider, legacyAccountId, decision, this.fresh());
  }

  async claim(legacyAccountId: string, accountId: string): Promise<void> {
    const decision = claimLegacyAccount(accountId, 1);
    await this.instance().streams.decide(legacyAccountDecider, legacyAccountId, decision, this.fresh());
  }

  async happens(accountId: string, ...events: AccountEvent[]): Promise<void> {
    await this.instance().streams.decide(accountDecider, accountId, () => events, this.fresh());
  }

  async happensAt(number: string, ...events: TradeAccountEvent[]): Promise<void> {
    const { streams } = this.instance();
    await streams.decide(tradeAccountDecider, this.idOf(number), () => events, this.fresh());
  }

  idOf(number: string): string {
    return this.tradeAccounts.idOf('Importer', number);
  }

  /** What the account may do in each of these; null: it has no access. */
  async access(accountId: string, ...numbers: string[]): Promise<(string | null)[]> {
    const { streams } = this.instance();
    const states = numbers.map((number) => streams.read(tradeAccountDecider, this.idOf(number)));
    return (await Promise.all(states)).map(({ state }) => permissionsOf(state, accountId)?.join(' ') ?? null);
  }

  /** What the reaction makes of the whole log and of what it adds to it, as after a crash that lost its checkpoint. */
  async react(): Promise<void> {
    const { reaction } = this.instance();
    for (let page = await this.store.readLog(null, 1); page.length > 0;) {
      const [event] = await this.codec.decode(page);
      if (event && !isUndecodable(event) && reaction.types.has(event.type)) await reaction.react(event);
      page = await this.store.readLog(page[0]!.position, 1);
    }
  }

  async logged(): Promise<string[]> {
    return (await this.store.readLog(null, 10_000)).map(({ type }) => type);
  }
}
