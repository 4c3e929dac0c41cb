import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { RandomIds } from '../../src/adapters/system.js';
import { accountDecider } from '../../src/domain/account/account.js';
import type { accountEvents } from '../../src/domain/account/events.js';
import { PasswordMovedOn, type LockoutRules } from '../../src/domain/account/sign-in.js';
import type { Account } from '../../src/domain/account/state.js';
import type { AccountDecision } from '../../src/domain/account/state.js';
import { DomainError } from '../../src/domain/domain-error.js';
import { Codec } from '../../src/engine/codec.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { Streams, type CommandContext, type Decided } from '../../src/engine/streams.js';
import { OutcomeUnknown, StoreUnavailable } from '../../src/ports.js';
import { FixedClock } from '../support/counters.js';
import { T0 } from '../support/given.js';
import { command } from '../support/tally.js';
import {
  TroubledStore,
  unavailable,
  unknownAndLost,
  unknownButWritten,
  type Trouble,
} from '../support/troubled-store.js';
import type { Fault } from './actions.js';
import type { Answer } from './sign-in-model.js';

export const ID = 'ada';

export type Made = (account: Account) => AccountDecision;
type Outcome = Decided<typeof accountEvents, Account>;

/** One log, and two instances of the service that both write to it. */
export class World {
  readonly clock = new FixedClock(T0);
  readonly store = new TroubledStore();
  private readonly keys = EmbeddedKeyStore.openInMemory();
  private readonly instances: readonly [Streams, Streams];
  private named = 0;

  constructor(readonly rules: LockoutRules) {
    this.instances = [this.instance(), this.instance()];
  }

  /** As after a restart: knows nothing but what the log holds. */
  instance(): Streams {
    const codec = new Codec([accountDecider], new Keyring(this.keys, masterKey(new Uint8Array(32).fill(1))));
    return new Streams(this.store, codec, this.clock, new RandomIds(), { soleWriter: false });
  }

  fresh(): CommandContext {
    this.named += 1;
    return command(`command-${this.named}`);
  }

  /** The account as of now, at an instance. */
  async account(on: 0 | 1): Promise<Outcome> {
    return this.instances[on].decide(accountDecider, ID, () => [], this.fresh());
  }

  /** What is recorded, or refused, in the end: asks again with the same command id until that is known. */
  async carryOut(
    on: 0 | 1,
    make: Made,
    context: CommandContext,
  ): Promise<{ answer: Answer; repeated: boolean }> {
    for (;;) {
      try {
        const { state } = await this.account(on);
        const { events, repeated } = await this.instances[on].decide(
          accountDecider,
          ID,
          make(state),
          context,
        );
        return { answer: events.map(({ type }) => type), repeated };
      } catch (error) {
        if (error instanceof DomainError) return { answer: error.code, repeated: false };
        const again = [PasswordMovedOn, OutcomeUnknown, StoreUnavailable].some(
          (kind) => error instanceof kind,
        );
        if (!again) throw error;
      }
    }
  }

  /** Many at once at one instance, judged by what the account was before any of them. */
  async carryOutAtOnce(on: 0 | 1, makes: readonly Made[]): Promise<Answer[]> {
    const { state } = await this.account(on);
    const decided = await Promise.all(
      makes.map((make) => this.instances[on].decide(accountDecider, ID, make(state), this.fresh())),
    );
    return decided.map(({ events }) => events.map(({ type }) => type));
  }

  /** Has the next append fail; `other` is what happens when another instance is to come first. */
  arm(fault: Fault['fault'], other: () => Promise<void>): void {
    const troubles: Record<Fault['fault'], readonly Trouble[]> = {
      none: [],
      outrun: [
        async (append) => {
          await other();
          return append();
        },
      ],
      unknownButWritten: [unknownButWritten],
      unknownAndLost: [unknownAndLost],
      unknownTwice: [unknownAndLost, unknownButWritten],
      unavailable: [unavailable],
      unreadable: [
        async (append) => {
          this.store.readFailures.push(new StoreUnavailable('away'));
          return unknownButWritten(append);
        },
      ],
    };
    this.store.troubles = [...troubles[fault]];
  }

  disarm(): void {
    this.store.troubles = [];
    this.store.readFailures = [];
  }
}
