import { EventStoreDBClient, NotLeaderError } from '@eventstore/db-client';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { StoreUnavailable } from '../../ports.js';
import { type EsdbAddress, ownConnection } from './address.js';
import { isSilence, reason, within } from './answers.js';

const LEADER_CHANGES_MAX = 3;
const DISPOSE_MS = 1_000;

/** Calls to EventStoreDB. Answers that never come are taken for a connection that is half open: later calls
 *  then go over a new one. */
export class Connection {
  private session: Session;
  private readonly closing = new AbortController();

  /** Connects with the first call, not before. */
  constructor(private readonly address: EsdbAddress) {
    this.session = new Session(address);
  }

  get closed(): boolean {
    return this.closing.signal.aborted;
  }

  /** Asks, and again when the node is no leader any more: it then wrote and read nothing. Finding a node takes at most `ms`; `ask`
   *  bounds itself. Throws what `ask` throws, or `StoreUnavailable` when nothing was sent. */
  async call<T>(ms: number, ask: (client: EventStoreDBClient) => Promise<T>): Promise<T> {
    for (let leaders = 1; ; leaders++) {
      const session = this.session;
      try {
        const client = await this.ready(session, ms);
        return await session.during(ask(client));
      } catch (error) {
        if (isSilence(error)) this.renew(session);
        if (!(error instanceof NotLeaderError) || leaders === LEADER_CHANGES_MAX) throw error;
        // The client turns to the leader that the error names, in a moment of its own.
        await nextTurn();
      }
    }
  }

  /** A client for a subscription, and a signal that tells when to leave it for another. */
  async subscriber(ms: number): Promise<{ client: EventStoreDBClient; over: AbortSignal }> {
    const session = this.session;
    return { client: await this.ready(session, ms), over: session.over };
  }

  /** The error to give where the store did not take a request. */
  unavailable(error: unknown): StoreUnavailable {
    if (error instanceof StoreUnavailable) return error;
    return new StoreUnavailable(`EventStoreDB at ${this.address.place}: ${reason(error)}`, { cause: error });
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.session.end();
  }

  // The client could spend minutes on finding a node, and send the call then, long after its caller was answered.
  private async ready(session: Session, ms: number): Promise<EventStoreDBClient> {
    if (this.closed) throw new StoreUnavailable('the connection to EventStoreDB is closed');
    try {
      return await within(ms, session.ready());
    } catch (error) {
      throw this.unavailable(error);
    }
  }

  private renew(silent: Session): void {
    if (this.session !== silent || this.closed) return;
    this.session = new Session(this.address);
    silent.retire();
  }
}

/** One client with its channel, for as long as it answers. */
class Session {
  private readonly client: EventStoreDBClient;
  private readonly retired = new AbortController();
  private channel: { close(): void } | undefined;
  private calls = 0;

  constructor(address: EsdbAddress) {
    this.client = EventStoreDBClient.connectionString(ownConnection(address));
    // Appends are then unary, whatever the server offers (docs/decisions/0014).
    this.client['supports'] = async () => false;
  }

  get over(): AbortSignal {
    return this.retired.signal;
  }

  async ready(): Promise<EventStoreDBClient> {
    this.channel = await this.client['getChannel']();
    return this.client;
  }

  async during<T>(call: Promise<T>): Promise<T> {
    this.calls++;
    try {
      return await call;
    } finally {
      this.calls--;
      this.closeWhenUnused();
    }
  }

  /** Subscriptions leave at once; calls in flight are waited for. */
  retire(): void {
    this.retired.abort();
    this.closeWhenUnused();
  }

  async end(): Promise<void> {
    this.retired.abort();
    try {
      await within(DISPOSE_MS, this.client.dispose());
    } catch {
      // It waits for streams to end that may never do; the channel goes down anyway.
    } finally {
      this.channel?.close();
    }
  }

  private closeWhenUnused(): void {
    if (this.over.aborted && this.calls === 0) this.channel?.close();
  }
}
