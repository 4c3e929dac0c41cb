import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Mailbox } from '../../src/adapters/mail/mailbox.js';
import { Argon2Hasher } from '../../src/adapters/argon2-hasher.js';
import { readSettings, type Config } from '../../src/config.js';
import type { Replacements } from '../../src/app.module.js';
import { Reactor } from '../../src/engine/reactor.js';
import { Clock, EventStore, type Instant } from '../../src/ports.js';
import { completeConfig } from '../../src/secrets-file.js';
import { startService } from '../../src/service.js';
import { ServiceLog } from '../../src/service-log.js';
import { PortalClient } from './portal-client.js';
import type { TestMailServer } from './smtp-server.js';
import { testStores } from './test-stores.js';

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

/** A mail as its reader sees it. */
export interface ReadMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const cheapHashes = () => new Argon2Hasher({ memoryKiB: 8, passes: 1 }, Buffer.from('pepper'));

/** A whole service over real HTTP, in this process, on stores in memory, with mail, time and hashing costs in the test's hands. */
export class Portal {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly clock: FakeClock,
    readonly mailbox: Mailbox,
    readonly config: Config,
    private readonly mails: () => readonly ReadMail[],
    private readonly closeService: () => Promise<void>,
  ) {}

  /** Settings are as in the environment; by default nothing waits and nothing is limited by client. With a mail server, mail goes
   *  there over SMTP, and not to the mailbox. */
  static async open(
    settings: Record<string, string> = {},
    replacements: Replacements = {},
    mailServer?: TestMailServer,
  ): Promise<Portal> {
    const stores = await testStores();
    const clock = new FakeClock();
    const mailbox = new Mailbox(clock);
    const config = completeConfig(
      readSettings({
        ...stores.settings,
        PORT: '0',
        PUBLIC_URL: 'https://portal.example',
        UNIFORM_ANSWER_MS: '0',
        CLIENT_FAILURES_MAX: '100000',
        CLIENT_REQUESTS_MAX: '100000',
        LOG_LEVEL: 'silent',
        ...(mailServer && { SMTP_URL: mailServer.url }),
        ...settings,
      }),
      'real',
    );
    const service = await startService(config, new ServiceLog(config.LOG_LEVEL), {
      clock,
      ...(!mailServer && { mailer: mailbox }),
      hasher: cheapHashes(),
      ...replacements,
    });
    const { port } = service.app.getHttpServer().address() as AddressInfo;
    const mails = mailServer ? () => mailServer.mails() : () => mailbox.list().reverse();
    return new Portal(service.app, `http://127.0.0.1:${port}`, clock, mailbox, config, mails, async () => {
      await service.close();
      await stores.close();
    });
  }

  client(): PortalClient {
    return new PortalClient(this.url);
  }

  /** Resolves when every event so far was reacted to: mails are out, claims released. */
  async settled(): Promise<void> {
    const log = this.app.get(EventStore);
    const reactor = this.app.get(Reactor);
    for (;;) {
      const head = await log.head();
      const behind = reactor.states().some(({ position }) => head !== null && (position ?? '') < head);
      if (!behind && head === (await log.head())) return;
      await new Promise((resume) => setTimeout(resume, 2));
    }
  }

  /** The token in the newest mail to this address whose link has this page; throws when there is none. */
  async mailedToken(to: string, page: string): Promise<string> {
    for (const { text } of (await this.mailTo(to)).reverse()) {
      const found = new RegExp(`https://portal\\.example/${page}\\?token=([\\w.-]+)`).exec(text);
      if (found?.[1]) return found[1];
    }
    throw new Error(`no mail to ${to} has a link to /${page}`);
  }

  /** Everything mailed to this address so far, oldest first. */
  async mailTo(address: string): Promise<ReadMail[]> {
    await this.settled();
    return this.mails().filter(({ to }) => to === address);
  }

  async mailsTo(address: string): Promise<string[]> {
    return (await this.mailTo(address)).map(({ text }) => text);
  }

  async close(): Promise<void> {
    await this.closeService();
  }
}
