import { MemoryClientLimits } from '../../src/adapters/client-limits.js';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { RandomIds } from '../../src/adapters/system.js';
import { Emails } from '../../src/commands/emails.js';
import { LegacyChanges } from '../../src/commands/legacy-changes.js';
import { LegacyClaims } from '../../src/commands/legacy-claims.js';
import { ImportedLegacyCredentials } from '../../src/commands/legacy-credentials.js';
import { LegacyDirectory } from '../../src/commands/legacy-directory.js';
import { PlacesForReplacements } from '../../src/commands/replacement-places.js';
import { ReplacementSettlement } from '../../src/commands/replacement-settlement.js';
import { SecretChecks } from '../../src/commands/secret-checks.js';
import { TradeAccounts } from '../../src/commands/trade-accounts.js';
import { DomainError } from '../../src/domain/domain-error.js';
import { Codec, isUndecodable } from '../../src/engine/codec.js';
import type { Envelope } from '../../src/engine/envelope.js';
import type { Reaction } from '../../src/engine/projection.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { Streams, type CommandContext } from '../../src/engine/streams.js';
import { eventSources } from '../../src/event-sources.js';
import { OutcomeUnknown, StoreUnavailable, type Position } from '../../src/ports.js';
import { CompleteOwnerReplacements } from '../../src/reactions/complete-owner-replacements.js';
import { LegacySyncs } from '../../src/reactions/legacy-syncs.js';
import { FixedClock } from '../support/counters.js';
import { HOUR, MINUTE, T0 } from '../support/given.js';
import { command } from '../support/tally.js';
import {
  noTrouble,
  TroubledStore,
  unavailable,
  unknownAndLost,
  unknownButWritten,
  type Trouble,
} from '../support/troubled-store.js';
import type { AceFault } from './ace-actions.js';

export const OWNER_WAIT_MS = 72 * HOUR;
const KEY = new Uint8Array(32).fill(5);
const accountRules = {
  lockout: { failuresMax: 3, lockMs: 15 * MINUTE },
  passwordPolicy: 'portal-8' as const,
  ...{ sessionMs: HOUR, sessionIdleMs: HOUR, staffSessionMs: HOUR, staffSessionIdleMs: HOUR },
};
const secrets = {
  mistakeIn: () => null,
  verify: async (hash?: string, secret = '') => hash === secret,
  hash: async (secret: string) => secret,
};
const noHasher = {
  hash: async (secret: string) => secret,
  verify: async () => false,
  verifyDecoy: async () => false as const,
  isOutdated: () => false,
};

/** The answer to a command: 'done', the code of a refusal, or 'killed' where nobody was there any more to give one. */
export type AceAnswer = string;

/** One instance of the service, as far as legacy accounts and owners go. */
export type Desk = ReturnType<AceWorld['instance']>;

export const isDeadly = (fault: AceFault): boolean =>
  fault.fault === 'killed' || (fault.fault === 'outrun' && fault.dies === true);

/** One log, and two instances of the service that both write to it. */
export class AceWorld {
  readonly clock = new FixedClock(T0);
  readonly store = new TroubledStore();
  readonly tradeAccounts = new TradeAccounts(KEY);
  readonly desks: Desk[];
  private readonly keyring = new Keyring(EmbeddedKeyStore.openInMemory(), masterKey(KEY));
  private readonly codec = new Codec(eventSources, this.keyring);
  private named = 0;
  private reactedTo: Position | null = null;
  private term = 0;

  constructor() {
    this.desks = [this.instance(), this.instance()];
  }

  /** As after a restart: knows nothing but what the log holds. */
  instance() {
    const { clock, tradeAccounts, keyring } = this;
    const ids = new RandomIds();
    const line = new TroubledStore(this.store);
    const streams = new Streams(line, this.codec, clock, ids, { soleWriter: false });
    const directory = new LegacyDirectory(KEY, streams, keyring);
    const claims = new LegacyClaims(streams, tradeAccounts);
    const changes = new LegacyChanges(streams, tradeAccounts);
    const settlement = new ReplacementSettlement(streams);
    return {
      ...{ line, streams, directory, claims, settlement, tradeAccounts, clock, ids, rules: accountRules },
      emails: new Emails(KEY, streams, clock),
      places: new PlacesForReplacements(streams, ids, clock),
      limits: new MemoryClientLimits({ failures: 1e9, requests: 1e9 }, clock),
      secrets: new SecretChecks(noHasher, { isGuessable: () => false }, accountRules),
      credentials: new ImportedLegacyCredentials(directory, streams, secrets, clock),
      reactions: [
        new LegacySyncs(claims, changes),
        new CompleteOwnerReplacements(settlement),
      ] as readonly Reaction[],
    };
  }

  fresh(): CommandContext {
    this.named += 1;
    return command(`command-${this.named}`);
  }

  /** Asks again with the same command id until the outcome is known. */
  async carryOut(work: () => Promise<unknown>, isKilled: boolean): Promise<AceAnswer> {
    for (;;) {
      try {
        await work();
        return 'done';
      } catch (error) {
        if (error instanceof DomainError) return error.code;
        if (!isAway(error)) throw error;
        if (isKilled) return 'killed';
      }
    }
  }

  /** What happened since that position, as the log has it. */
  async since(position: Position | null, limit = 100_000): Promise<Envelope[]> {
    const events = await this.codec.decode(await this.store.log.readLog(position, limit));
    return events.map((event) => {
      if (isUndecodable(event)) throw new Error(event.cause);
      return event;
    });
  }

  /** What the reactions make of what is new, and of what they add to it: once at least, and again from where they failed. */
  async react(fromStart: boolean): Promise<void> {
    if (fromStart) this.reactedTo = null;
    const term = (this.term += 1);
    const desk = this.instance();
    for (let next = await this.since(this.reactedTo, 1); next.length > 0;) {
      const [event] = next as [Envelope];
      const concerned = desk.reactions.filter(({ types }) => types.has(event.type));
      for (const reaction of concerned) await reaction.react(event).catch((error) => this.fail(desk, error));
      // Another instance leads by now, and has seen more.
      if (term !== this.term) return;
      this.reactedTo = event.position;
      next = await this.since(this.reactedTo, 1);
    }
  }

  /** Nothing comes from this instance any more, also not what it has begun. */
  kill({ line }: Desk): void {
    line.troubles = Array<Trouble>(1_000).fill(unavailable);
  }

  private fail(desk: Desk, error: unknown): never {
    this.kill(desk);
    throw error;
  }

  /** Has appends fail from the `at`-th on; `other` is what happens elsewhere where it is to come first. */
  arm(fault: AceFault, other: () => Promise<void>): void {
    if (fault.fault === 'none') return;
    this.store.troubles = [...Array<Trouble>(fault.at).fill(noTrouble), ...this.troubleOf(fault, other)];
  }

  disarm(): void {
    this.store.troubles = [];
    this.store.readFailures = [];
  }

  private troubleOf(fault: Exclude<AceFault, { fault: 'none' }>, other: () => Promise<void>): Trouble[] {
    switch (fault.fault) {
      case 'outrun':
        return [
          async (append) => {
            await other();
            if (fault.dies) this.store.troubles = Array<Trouble>(200).fill(unavailable);
            return append();
          },
        ];
      case 'killed':
        return [fault.written ? unknownButWritten : unavailable, ...Array<Trouble>(200).fill(unavailable)];
      case 'unreadable':
        return [
          async (append) => {
            this.store.readFailures.push(new StoreUnavailable('away'));
            return unknownButWritten(append);
          },
        ];
      default:
        return [{ unknownButWritten, unknownAndLost, unavailable }[fault.fault]];
    }
  }
}

export const isAway = (error: unknown): boolean =>
  error instanceof OutcomeUnknown || error instanceof StoreUnavailable;
