import type { Replacements } from '../../src/app.module.js';
import { Portal } from './portal.js';
import { TestMailServer } from './smtp-server.js';

/** Gives the tests of one file a whole service whose mail goes over SMTP to a server of this process, and comes back parsed. */
export class MailedPortal {
  private opened: Portal | undefined;
  private readonly mailServer = new TestMailServer();

  constructor(settings: Record<string, string> = {}, replacements: Replacements = {}) {
    beforeAll(async () => {
      await this.mailServer.start();
      this.opened = await Portal.open(settings, replacements, this.mailServer);
    });
    afterAll(async () => {
      await this.opened?.close();
      await this.mailServer.stop();
    });
  }

  get portal(): Portal {
    return this.opened!;
  }
}
