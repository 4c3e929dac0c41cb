import { randomUUID } from 'node:crypto';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { RandomIds } from '../../src/adapters/system.js';
import { MailedLinks } from '../../src/commands/mailed-link.js';
import { ReplacementSettlement } from '../../src/commands/replacement-settlement.js';
import { accountDecider } from '../../src/domain/account/account.js';
import type { Decider } from '../../src/domain/decider.js';
import type { EventShapes, NewEvent } from '../../src/domain/events.js';
import { ownerReplacementDecider } from '../../src/domain/owner-replacement/owner-replacement.js';
import { tradeAccountDecider } from '../../src/domain/trade-account/trade-account.js';
import { Codec, isUndecodable } from '../../src/engine/codec.js';
import type { Envelope } from '../../src/engine/envelope.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { Streams, type CommandContext } from '../../src/engine/streams.js';
import { eventSources } from '../../src/event-sources.js';
import { CompleteOwnerReplacements } from '../../src/reactions/complete-owner-replacements.js';
import { OwnerReplacementMails } from '../../src/reactions/owner-replacement-mails.js';
import * as account from '../domain/account/past.js';
import * as trade from '../domain/trade-account/past.js';
import { FixedClock } from './counters.js';
import { HOUR, T0 } from './given.js';
import { FakeMailer, PUBLIC_URL } from './mail-room.js';
import { TroubledStore } from './troubled-store.js';

export const APPLICATION = '0190a5e0-0000-7000-8000-00000000a001';

/** One trade account with its owner, the heir, and one application, on a log that fails as the test says. */
export class ReplacementRoom {
  readonly clock = new FixedClock(T0);
  readonly store = new TroubledStore();
  readonly codec = new Codec(
    eventSources,
    new Keyring(EmbeddedKeyStore.openInMemory(), masterKey(new Uint8Array(32).fill(3))),
  );
  readonly links = new MailedLinks(masterKey(new Uint8Array(32).fill(9)), [], PUBLIC_URL);
  readonly mailer = new FakeMailer();

  /** As after a restart: nothing remembered but what the log holds. */
  fresh() {
    const streams = new Streams(this.store, this.codec, this.clock, new RandomIds(), { soleWriter: true });
    const { mailer, links } = this;
    const mailing = { streams, mailer, links, publicUrl: PUBLIC_URL, ownerWaitMs: 72 * HOUR };
    const settlement = new ReplacementSettlement(streams);
    return {
      ...{ streams, settlement },
      mails: new OwnerReplacementMails(mailing),
      completion: new CompleteOwnerReplacements(settlement),
    };
  }

  async openAccounts(): Promise<void> {
    for (const [id, email] of [
      ['owner', 'owner@harbor.example'],
      ['heir', 'heir@harbor.example'],
      ['applicant', 'applicant@harbor.example'],
    ] as const) {
      const registered = { ...account.registration, email, emailKey: id, givenName: 'Ada' };
      const expiresAt = T0 + HOUR;
      await this.happens(accountDecider, id, [
        { type: 'AccountRegistered', data: { ...registered, expiresAt } },
        account.emailConfirmed,
      ]);
    }
    await this.happens(accountDecider, 'owner', [account.signedIn('s-1'), account.signedIn('s-2')]);
    const opened = [trade.opened('owner'), trade.granted('owner', 'file')];
    await this.happens(tradeAccountDecider, 'trade-1', opened);
  }

  /** Records the events as one command. */
  async happens<S extends EventShapes, State>(
    decider: Decider<S, State>,
    id: string,
    events: readonly NewEvent<S>[],
  ): Promise<Envelope[]> {
    const { revision } = await this.fresh().streams.decide(decider, id, () => events, context());
    const stream = `${decider.category}-${id}`;
    const records = await this.store.readStream(stream, revision + 1 - events.length, events.length);
    return this.decoded(records);
  }

  async applied(
    events: readonly NewEvent<(typeof ownerReplacementDecider)['events']>[],
  ): Promise<Envelope[]> {
    return this.happens(ownerReplacementDecider, APPLICATION, events);
  }

  async typesOf(stream: string): Promise<string[]> {
    return (await this.store.readStream(stream, 0, 1_000)).map(({ type }) => type);
  }

  private async decoded(records: Parameters<Codec['decode']>[0]): Promise<Envelope[]> {
    return (await this.codec.decode(records)).map((event) => {
      if (isUndecodable(event)) throw new Error(event.cause);
      return event;
    });
  }
}

export function context(): CommandContext {
  const commandId = randomUUID();
  const actor = { kind: 'account', id: 'ruth', role: 'applicationTeam' } as const;
  return { commandId, actor, correlationId: commandId, causationId: commandId };
}
