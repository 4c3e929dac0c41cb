import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Mailbox } from '../../src/adapters/mail/mailbox.js';
import { Argon2Hasher } from '../../src/adapters/argon2-hasher.js';
import { readSettings, type Config } from '../../src/config.js';
import type { Replacements } from '../../src/app.module.js';
import { Follower } from '../../src/engine/follower.js';
import { Reactor } from '../../src/engine/reactor.js';
import { Clock, type Instant } from '../../src/ports.js';
import { completeConfig } from '../../src/secrets-file.js';
import { startService } from '../../src/service.js';
import { ServiceLog } from '../../src/service-log.js';
import { PortalClient } from './portal-client.js';

/** Time stands still until a test moves it. */
export class FakeClock extends Clock {
  constructor(private instant: Instant = Date.UTC(2026, 0, 15, 12)) {
    super();
  }
  override now(): Instant {
    return this.instant;
  }
  advance(ms: number): void {
    this.instant += ms;
  }
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const cheapHashes = () => new Argon2Hasher({ memoryKiB: 8, passes: 1 }, Buffer.from('pepper'));

/** A whole service over real HTTP, in this process, on stores in memory, with mail, time and hashing costs in the test's hands. */
export class Portal {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly clock: FakeClock,
    readonly mailbox: Mailbox,
    readonly config: Config,
    private readonly closeService: () => Promise<void>,
  ) {}

  /** Settings are as in the environment; by default nothing waits and nothing is limited by client. */
  static async open(settings: Record<string, string> = {}, replacements: Replacements = {}): Promise<Portal> {
    const clock = new FakeClock();
    const mailbox = new Mailbox(clock);
    const config = completeConfig(
      readSettings({
        EVENT_STORE_URL: ':memory:',
        READ_STORE_URL: ':memory:',
        PORT: '0',
        PUBLIC_URL: 'https://portal.example',
        UNIFORM_ANSWER_MS: '0',
        CLIENT_FAILURES_MAX: '100000',
        CLIENT_REQUESTS_MAX: '100000',
        LOG_LEVEL: 'silent',
        ...settings,
      }),
      'real',
    );
    const service = await startService(config, new ServiceLog(config.LOG_LEVEL), {
      clock,
      mailer: mailbox,
      hasher: cheapHashes(),
      ...replacements,
    });
    const { port } = service.app.getHttpServer().address() as AddressInfo;
    return new Portal(service.app, `http://127.0.0.1:${port}`, clock, mailbox, config, () => service.close());
  }

  client(): PortalClient {
    return new PortalClient(this.url);
  }

  /** Resolves when every event so far was reacted to: mails are out, claims released. */
  async settled(): Promise<void> {
    const follower = this.app.get(Follower);
    const reactor = this.app.get(Reactor);
    for (;;) {
      const head = follower.head;
      const behind = reactor.states().some(({ position }) => head !== null && (position ?? '') < head);
      if (!behind && head === follower.head) return;
      await new Promise((resume) => setTimeout(resume, 2));
    }
  }

  /** The token in the newest mail to this address whose link has this page; throws when there is none. */
  async mailedToken(to: string, page: string): Promise<string> {
    await this.settled();
    for (const { text } of this.mailbox.list().filter((mail) => mail.to === to)) {
      const found = new RegExp(`https://portal\\.example/${page}\\?token=([\\w.-]+)`).exec(text);
      if (found?.[1]) return found[1];
    }
    throw new Error(`no mail to ${to} has a link to /${page}`);
  }

  async mailsTo(address: string): Promise<string[]> {
    await this.settled();
    return this.mailbox
      .list()
      .filter((mail) => mail.to === address)
      .map((mail) => mail.text)
      .reverse();
  }

  async close(): Promise<void> {
    await this.closeService();
  }
}
