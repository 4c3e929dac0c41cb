import { importLegacy, legacyAccount, sync } from '../support/legacy.js';
import { HANDOFFS } from '../support/handoff-room.js';
import { LegacyPortal } from '../support/legacy-portal.js';
import { MongoServer } from '../support/mongo-server.js';
import { partner, signedIn } from '../support/people.js';
import { Portal } from '../support/portal.js';
import type { PortalClient } from '../support/portal-client.js';
import { serverStores, type TestStores } from '../support/test-stores.js';
import { TestMailServer } from '../support/smtp-server.js';

const mailServer = new TestMailServer();
let stores: TestStores;
let legacy: LegacyPortal;
let portals: Portal[] = [];

const suite = () => {
  beforeAll(async () => {
    await mailServer.start();
    stores = await serverStores();
    legacy = await LegacyPortal.start();
    const settings = { ...stores.settings, ...legacy.settings };
    for (let count = 1; count <= 2; count += 1) portals.push(await Portal.open(settings, {}, mailServer));
  }, 60_000);
  afterAll(async () => {
    await Promise.all(portals.map((portal) => portal.close()));
    portals = [];
    await legacy.close();
    await stores.close();
    await mailServer.stop();
  });

  /** Redeems at this instance. */
  async function redeemAt(portal: Portal, ticket: string): Promise<number> {
    legacy.connect(portal);
    return (await legacy.redeem(ticket)).status;
  }

  async function synced(legacyUserId: string): Promise<PortalClient> {
    const [one] = portals as [Portal, Portal];
    const email = `${legacyUserId.toLowerCase()}@broker.example`;
    await importLegacy(one, legacyAccount(legacyUserId));
    await partner(one, email);
    const client = await signedIn(one, email);
    expect((await sync(client, legacyUserId)).status).toBe(201);
    return client;
  }

  const ticketOf = async (client: PortalClient) => (await client.post(HANDOFFS)).body.ticket as string;

  it('publish the same keys', async () => {
    const [one, other] = await Promise.all(
      portals.map(async (portal) => (await portal.client().get('/.well-known/jwks.json')).text),
    );
    expect(one).toBe(other);
  });

  it('hand over at one what the other redeems, once', async () => {
    const [one, other] = portals as [Portal, Portal];
    const ticket = await ticketOf(await synced('TWO01'));
    const tries = Array.from({ length: 32 }, (_, index) => redeemAt(index % 2 === 0 ? one : other, ticket));
    const statuses = await Promise.all(tries);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 410)).toHaveLength(31);
  });

  it('refuse at one what was signed out at the other', async () => {
    const [one, other] = portals as [Portal, Portal];
    const client = await synced('TWO02');
    const ticket = await ticketOf(client);
    await client.delete('/api/v1/sessions/current');
    expect([await redeemAt(other, ticket), await redeemAt(one, ticket)]).toEqual([410, 410]);
  });
};

if (MongoServer.isThere) describe('two instances on the same servers', suite);
else describe.skip('two instances on the same servers (no MONGODB_URL, and no FerretDB was built)', suite);
