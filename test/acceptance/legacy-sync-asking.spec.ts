import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { LegacyStatus } from '../../src/domain/legacy-account/record.js';
import { legacyAccount, sync } from '../support/legacy.js';
import { partner, signedIn } from '../support/people.js';
import { MINUTE, Portal } from '../support/portal.js';

/** A legacy portal where everybody's password is `right`. */
class LegacyPortalStandIn {
  asked = 0;
  isAway = false;
  status: LegacyStatus = 'Active';
  private readonly server: Server = createServer((request, response) => {
    void json(request).then((body) => {
      this.asked += 1;
      const { legacyUserId, legacyPassword } = body as Record<string, string>;
      const { passwordHash: _, ...profile } = legacyAccount(legacyUserId!, { status: this.status });
      if (this.isAway) response.writeHead(503).end();
      else if (legacyPassword !== 'right') response.writeHead(403).end();
      else response.writeHead(200).end(JSON.stringify(profile));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

let legacy: LegacyPortalStandIn;
let portal: Portal;
beforeEach(async () => {
  legacy = new LegacyPortalStandIn();
  portal = await Portal.open({ LEGACY_DIRECTORY_URL: await legacy.start() });
});
afterEach(async () => {
  await portal.close();
  await legacy.stop();
});

async function trader(name: string) {
  await partner(portal, `${name}@broker.example`);
  return signedIn(portal, `${name}@broker.example`);
}

describe('where the legacy portal is asked', () => {
  it('a right password syncs what it tells, once', async () => {
    const [ada, ben] = [await trader('ada'), await trader('ben')];
    const answer = await sync(ada, 'ADA', 'right');
    expect([answer.status, answer.body.company]).toEqual([201, 'Harbor Imports, Inc.']);
    expect((await sync(ben, 'ADA', 'right')).body.code).toBe('LegacyAccountUsed');
  });

  it('what it tells counts at once: an account that is not in good standing does not sync, until it is', async () => {
    const ada = await trader('ada');
    legacy.status = 'NotInGoodStanding';
    expect((await sync(ada, 'ADA', 'right')).body.code).toBe('LegacyAccountNotInGoodStanding');
    legacy.status = 'Active';
    expect((await sync(ada, 'ADA', 'right')).status).toBe(201);
  });

  it('wrong passwords are limited here too, also for user ids that were never seen', async () => {
    const ada = await trader('ada');
    for (let guess = 0; guess < 5; guess += 1) {
      expect((await sync(ada, 'ADA', `guess ${guess}`)).body.code).toBe('LegacySyncRefused');
    }
    expect((await sync(ada, 'ADA', 'right')).body.code).toBe('LegacySyncRefused');
    expect(legacy.asked).toBe(5);
    portal.clock.advance(15 * MINUTE);
    expect((await sync(ada, 'ADA', 'right')).status).toBe(201);
  });

  it('it being away is no verdict: come later, and nothing is counted', async () => {
    const ada = await trader('ada');
    legacy.isAway = true;
    const away = await sync(ada, 'ADA', 'right');
    expect([away.status, away.body.code, away.headers.get('retry-after')]).toEqual([
      503,
      'LegacyPortalAway',
      '60',
    ]);
    legacy.isAway = false;
    expect((await sync(ada, 'ADA', 'right')).status).toBe(201);
  });
});
