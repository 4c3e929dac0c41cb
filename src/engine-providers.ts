import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Inject, Injectable, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import type { Config } from './config.js';
import { projectionThread } from './embedded-projections.js';
import { Codec } from './engine/codec.js';
import { Follower, type Report } from './engine/follower.js';
import { Lease, soleLead, type Lead } from './engine/lease.js';
import { LeadWatch } from './engine/lead-watch.js';
import { LedProjections } from './engine/led-projections.js';
import { LiveProjections } from './engine/live-projections.js';
import type { Reaction } from './engine/projection.js';
import { Reactor } from './engine/reactor.js';
import { Keyring } from './engine/sealing.js';
import { masterKey, type MasterKey } from './engine/secrets.js';
import { SigningKeys } from './engine/signing-keys.js';
import { Streams } from './engine/streams.js';
import { eventSources } from './event-sources.js';
import { ExpireDeadlinesJob } from './jobs/expire-deadlines.js';
import { RetryLegacyLogoutsJob } from './jobs/retry-legacy-logouts.js';
import { TellLegacyRetirementJob } from './jobs/tell-legacy-retirement.js';
import { Clock, Ids, Mailer, type Leases } from './ports.js';
import { projections } from './projections/all.js';
import { REACTIONS, reactionProviders } from './reaction-providers.js';
import type { ServiceLog } from './service-log.js';
import type { Stores, WorkerUrls } from './stores.js';

/** The current master key first, then older ones. */
export const MASTER_KEYS = Symbol('master keys');
const STORES = Symbol('stores');

/** Streams, and what carries events from the log to views and reactions, on whatever stores were opened. */
export function engineProviders(
  config: Config,
  stores: Stores,
  log: ServiceLog,
  urls: WorkerUrls | undefined,
): Provider[] {
  const report = (what: string, error: unknown) => log.trouble(what, error);
  const masterKeys = [config.MASTER_KEY, ...config.MASTER_KEYS_OLD].map(masterKey);
  const [current, ...older] = masterKeys as [MasterKey, ...MasterKey[]];
  const { dataDir, checkpoints, shared } = stores;
  const leadOf = leads(shared?.leases ?? null, report);
  return [
    { provide: STORES, useValue: stores },
    { provide: MASTER_KEYS, useValue: masterKeys },
    { provide: LeadWatch, useFactory: () => new LeadWatch(leadOf('jobs')) },
    { provide: Keyring, useFactory: () => new Keyring(stores.keys, current, older) },
    {
      provide: SigningKeys,
      inject: [Keyring, Clock],
      useFactory: (keyring: Keyring, clock: Clock) => new SigningKeys(keyring, clock),
    },
    { provide: Codec, inject: [Keyring], useFactory: (keyring: Keyring) => new Codec(eventSources, keyring) },
    {
      provide: Streams,
      inject: [Codec, Clock, Ids],
      useFactory: (codec: Codec, clock: Clock, ids: Ids) =>
        new Streams(stores.events, codec, clock, ids, { soleWriter: shared === null }),
    },
    {
      provide: Follower,
      inject: [Codec],
      useFactory: (codec: Codec) => new Follower(stores.events, codec, { report }),
    },
    {
      provide: LiveProjections,
      inject: [Follower, Clock],
      useFactory: (follower: Follower, clock: Clock): LiveProjections => {
        if (dataDir === null) {
          const leadOfView = (name: string) => leadOf(`projection ${name}`);
          const options = { report, leadOf: leadOfView };
          return new LedProjections(projections, follower, stores.events, stores.views, clock, options);
        }
        const workerUrl = urls?.projections;
        const options = { dataDir, masterKeys, report, ...(workerUrl && { workerUrl }) };
        return projectionThread(
          projections.map(({ name }) => name),
          follower,
          options,
        );
      },
    },
    ...reactionProviders(config, log),
    {
      provide: Reactor,
      inject: [REACTIONS, Follower, Clock],
      useFactory: (reactions: readonly Reaction[], follower: Follower, clock: Clock) => {
        const leadOfReaction = (name: string) => leadOf(`reaction ${name}`);
        const options = { report, leadOf: leadOfReaction };
        return new Reactor(reactions, follower, stores.events, checkpoints, clock, options);
      },
    },
  ];
}

/** Where instances share stores, each leads under leases of its own name; one that is alone always does. */
function leads(leases: Leases | null, report: Report): (work: string) => Lead {
  if (leases === null) return () => soleLead;
  const instance = `${hostname()} ${process.pid} ${randomUUID()}`;
  return (work) => new Lease(leases, work, instance, { report });
}

const DRAIN_MS = 3_000;

/** After the last answer went out: what works in the background ends in the order in which it depends on each other. */
@Injectable()
export class Shutdown implements OnApplicationShutdown {
  constructor(
    private readonly job: ExpireDeadlinesJob,
    private readonly tellRetirement: TellLegacyRetirementJob,
    private readonly retryLogouts: RetryLegacyLogoutsJob,
    private readonly jobLead: LeadWatch,
    private readonly reactor: Reactor,
    private readonly live: LiveProjections,
    private readonly follower: Follower,
    private readonly mailer: Mailer,
    @Inject(STORES) private readonly stores: Stores,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.job.stop();
    await this.tellRetirement.stop();
    await this.retryLogouts.stop();
    await this.jobLead.stop();
    await this.reactor.drain(DRAIN_MS);
    await this.live.close();
    await this.follower.close();
    await this.mailer.close();
    await this.stores.close();
  }
}
