import { ClientLimits, TooManyRequests, type Clock, type Instant } from '../ports.js';

export const WINDOW_MS = 15 * 60_000;
/** Some 20 MB. Whoever has more networks than this to write from is not held by counting networks. */
const CLIENTS_MAX = 100_000;
const WAITING_MAX = 2_000;
export const CROWDED_RETRY_MS = 2_000;

interface Client {
  used: number;
  /** When what was used is forgotten. */
  endsAt: Instant;
  running: number;
  readonly waiting: ((admitted: boolean) => void)[];
}

export interface Allowances {
  /** Failed sign-ins in a window. */
  readonly failures: number;
  /** Registrations and reset requests in a window. */
  readonly requests: number;
}

/** Counters of one instance, in memory: of the clients seen last. */
export class MemoryClientLimits extends ClientLimits {
  private readonly failing: Clients;
  private readonly asking: Clients;

  constructor(most: Allowances, clock: Clock, clientsMax = CLIENTS_MAX) {
    super();
    this.failing = new Clients(most.failures, clock, clientsMax);
    this.asking = new Clients(most.requests, clock, clientsMax);
  }

  override async spend(clientKey: string): Promise<void> {
    this.asking.count(this.asking.enter(clientKey));
  }

  override async attempt<T>(
    clientKey: string,
    work: () => Promise<T>,
    hasFailed: (result: T) => boolean,
  ): Promise<T> {
    const client = this.failing.enter(clientKey);
    await this.failing.slot(client);
    try {
      const result = await work();
      if (hasFailed(result)) this.failing.count(client);
      return result;
    } finally {
      this.failing.leave(clientKey, client);
    }
  }
}

class Clients {
  private readonly known = new Map<string, Client>();

  constructor(
    private readonly most: number,
    private readonly clock: Clock,
    private readonly clientsMax: number,
  ) {}

  /** Throws `TooManyRequests` when the client has nothing left. */
  enter(key: string): Client {
    const now = this.clock.now();
    const client = this.known.get(key) ?? { used: 0, endsAt: now + WINDOW_MS, running: 0, waiting: [] };
    if (now >= client.endsAt) Object.assign(client, { used: 0, endsAt: now + WINDOW_MS });
    this.remember(key, client);
    if (client.used >= this.most) throw new TooManyRequests(client.endsAt - now);
    return client;
  }

  count(client: Client): void {
    client.used += 1;
  }

  /** Resolves when the client may try: as many tries run at once as it could fail and be within its allowance. */
  async slot(client: Client): Promise<void> {
    if (client.used + client.running < this.most) {
      client.running += 1;
      return;
    }
    if (client.waiting.length >= WAITING_MAX) throw new TooManyRequests(CROWDED_RETRY_MS);
    const admitted = await new Promise<boolean>((resolve) => client.waiting.push(resolve));
    if (!admitted) throw new TooManyRequests(client.endsAt - this.clock.now());
  }

  leave(key: string, client: Client): void {
    client.running -= 1;
    if (client.used >= this.most) {
      for (const refuse of client.waiting.splice(0)) refuse(false);
      return;
    }
    if (client.waiting.length > 0 && client.used + client.running < this.most) {
      client.running += 1;
      client.waiting.shift()!(true);
    }
    if (client.used === 0 && client.running === 0) this.known.delete(key);
  }

  /** Forgets whoever was seen longest ago, except those who wait. */
  private remember(key: string, client: Client): void {
    this.known.delete(key);
    this.known.set(key, client);
    for (const [other, { running }] of this.known) {
      if (this.known.size <= this.clientsMax) return;
      if (running === 0) this.known.delete(other);
    }
  }
}
