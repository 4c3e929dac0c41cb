import { Injectable } from '@nestjs/common';
import { LiveProjections } from '../engine/live-projections.js';
import { EventStore, ReadStore } from '../ports.js';

const DEADLINE_MS = 2_000;

export interface ReadinessReport {
  readonly ready: boolean;
  /** Each part with 'up' or why it is down. */
  readonly parts: Readonly<Record<string, string>>;
}

/** Ready is who can take a command and answer a query. A projection that lags or stopped is shown, and does not count: doors ask
 *  the log. */
@Injectable()
export class Readiness {
  private shuttingDown = false;

  constructor(
    private readonly events: EventStore,
    private readonly views: ReadStore,
    private readonly live: LiveProjections,
  ) {}

  /** From now on balancers should look elsewhere. */
  beginShutdown(): void {
    this.shuttingDown = true;
  }

  async check(): Promise<ReadinessReport> {
    const [events, views] = await Promise.all([pinged(this.events), pinged(this.views)]);
    const projections = this.live
      .states()
      .map(({ name, failure }) => [`projection ${name}`, failure ?? 'up'] as const);
    const parts = { 'event store': events, 'read store': views, ...Object.fromEntries(projections) };
    return { ready: !this.shuttingDown && events === 'up' && views === 'up', parts };
  }
}

async function pinged(part: { ping(): Promise<void> }): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${DEADLINE_MS} ms`), DEADLINE_MS);
  });
  try {
    return await Promise.race([part.ping().then(() => 'up'), late]);
  } catch (error) {
    return (error as Error).message;
  } finally {
    clearTimeout(timer);
  }
}
