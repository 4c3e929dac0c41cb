import { Inject, Injectable, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { MailedLinks } from './commands/mailed-link.js';
import type { Config } from './config.js';
import { projectionThread } from './embedded-projections.js';
import { Codec } from './engine/codec.js';
import { Follower } from './engine/follower.js';
import { LiveProjections } from './engine/live-projections.js';
import { Projector } from './engine/projector.js';
import { Reactor } from './engine/reactor.js';
import { Keyring } from './engine/sealing.js';
import { masterKey, type MasterKey } from './engine/secrets.js';
import { Streams } from './engine/streams.js';
import { eventSources } from './event-sources.js';
import { Contacts } from './http/contacts.js';
import { ExpireDeadlinesJob } from './jobs/expire-deadlines.js';
import { Clock, Ids, Mailer } from './ports.js';
import { projections } from './projections/all.js';
import { Mails } from './reactions/mails.js';
import { ReleaseEmails } from './reactions/release-emails.js';
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
  const { dataDir, checkpoints } = stores;
  return [
    { provide: STORES, useValue: stores },
    { provide: MASTER_KEYS, useValue: masterKeys },
    { provide: Keyring, useFactory: () => new Keyring(stores.keys, current, older) },
    { provide: Codec, inject: [Keyring], useFactory: (keyring: Keyring) => new Codec(eventSources, keyring) },
    {
      provide: Streams,
      inject: [Codec, Clock, Ids],
      useFactory: (codec: Codec, clock: Clock, ids: Ids) =>
        new Streams(stores.events, codec, clock, ids, { soleWriter: true }),
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
        if (dataDir === null)
          return new Projector(projections, follower, stores.events, stores.views, clock, { report });
        const workerUrl = urls?.projections;
        const options = { dataDir, masterKeys, report, ...(workerUrl && { workerUrl }) };
        return projectionThread(
          projections.map(({ name }) => name),
          follower,
          options,
        );
      },
    },
    {
      provide: Reactor,
      inject: [Follower, Streams, Mailer, Clock, MailedLinks, Contacts],
      useFactory: (
        follower: Follower,
        streams: Streams,
        mailer: Mailer,
        clock: Clock,
        links: MailedLinks,
        contacts: Contacts,
      ) => {
        const mails = new Mails({
          streams,
          mailer,
          clock,
          links,
          publicUrl: config.PUBLIC_URL,
          contacts,
          resetLinkLifetimeMs: config.RESET_LINK_HOURS * 3_600_000,
          onRefused: (event) => log.mailRefused(event.type),
        });
        const reactions = [mails, new ReleaseEmails(streams)];
        return new Reactor(reactions, follower, stores.events, checkpoints, clock, { report });
      },
    },
  ];
}

const DRAIN_MS = 3_000;

/** After the last answer went out: what works in the background ends in the order in which it depends on each other. */
@Injectable()
export class Shutdown implements OnApplicationShutdown {
  constructor(
    private readonly job: ExpireDeadlinesJob,
    private readonly reactor: Reactor,
    private readonly live: LiveProjections,
    private readonly follower: Follower,
    private readonly mailer: Mailer,
    @Inject(STORES) private readonly stores: Stores,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.job.stop();
    await this.reactor.drain(DRAIN_MS);
    await this.live.close();
    await this.follower.close();
    await this.mailer.close();
    await this.stores.close();
  }
}
