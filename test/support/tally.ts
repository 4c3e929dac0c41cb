import { z } from 'zod';
import { RandomIds } from '../../src/adapters/system.js';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import type { Decider, Decision } from '../../src/domain/decider.js';
import { DomainError } from '../../src/domain/domain-error.js';
import { defineEvents } from '../../src/domain/events.js';
import { Codec } from '../../src/engine/codec.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { Streams, type CommandContext, type StreamsOptions } from '../../src/engine/streams.js';
import { FixedClock } from './counters.js';
import { TroubledStore } from './troubled-store.js';

/** The smallest stream with a rule to break: a sum that has a limit. */
export const tallyEvents = defineEvents({ Added: { by: z.int() }, Halved: {} });
type TallyDecision = Decision<typeof tallyEvents, number>;

export const tallyDecider: Decider<typeof tallyEvents, number> = {
  category: 'tally',
  events: tallyEvents,
  initial: 0,
  evolve: (sum, event) => (event.type === 'Added' ? sum + event.data.by : sum / 2),
};

/** Refused beyond `max`. */
export const add =
  (by: number, max = Infinity): TallyDecision =>
  (sum) => {
    if (sum + by > max) throw new DomainError('TooMuch', 'This would be too much.');
    return [{ type: 'Added', data: { by } }];
  };

/** Quiet where the sum is there already. */
export const raiseTo =
  (least: number): TallyDecision =>
  (sum) =>
    sum >= least ? [] : [{ type: 'Added', data: { by: least - sum } }];

export const command = (commandId: string, more: Partial<CommandContext> = {}): CommandContext => ({
  commandId,
  actor: { kind: 'system', id: 'test', role: null },
  correlationId: commandId,
  causationId: commandId,
  ...more,
});

/** One log, and as many instances of the service on it as the test wants. */
export class Tallies {
  readonly store = new TroubledStore();
  readonly clock = new FixedClock();
  readonly codec = new Codec(
    [tallyDecider],
    new Keyring(EmbeddedKeyStore.openInMemory(), masterKey(new Uint8Array(32).fill(1))),
  );

  /** An instance that is alone with the log. */
  readonly streams = this.instance();
  private named = 0;

  /** A command that nobody sent before. */
  fresh(): CommandContext {
    this.named += 1;
    return command(`c-${this.named}`);
  }

  /** At stream `tally-a`. */
  decide(decision: TallyDecision = add(1), context = this.fresh(), on = this.streams) {
    return on.decide(tallyDecider, 'a', decision, context);
  }

  /** An instance with a cold cache, as after a restart. */
  instance(options: Partial<StreamsOptions> = {}): Streams {
    return new Streams(this.store, this.codec, this.clock, new RandomIds(), { soleWriter: true, ...options });
  }

  /** What the log holds: for each event its type, sum and time. */
  async history(id = 'a'): Promise<{ type: string; by?: number; at: number; commandId: string }[]> {
    const records = await this.store.log.readStream(`tally-${id}`, 0, 100_000);
    return records.map(({ type, data, metadata }) => {
      const { at, commandId } = JSON.parse(metadata) as { at: number; commandId: string };
      return { type, ...(JSON.parse(data) as { by?: number }), at, commandId };
    });
  }

  async sums(id = 'a'): Promise<(number | undefined)[]> {
    return (await this.history(id)).map(({ by }) => by);
  }
}
