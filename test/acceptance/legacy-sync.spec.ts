import { MailedPortal } from '../support/mailed-portal.js';
import { importLegacy, ldapHash, legacyAccount, LEGACY_PASSWORD, sync } from '../support/legacy.js';
import { lockOut, partner, PASSWORD, registration, signedIn, staff } from '../support/people.js';
import { MINUTE } from '../support/portal.js';
import type { PortalClient } from '../support/portal-client.js';

const world = new MailedPortal();

/** Somebody with an account of their own, signed in. */
async function trader(name: string): Promise<PortalClient> {
  const email = `${name}@broker.example`;
  await partner(world.portal, email);
  return signedIn(world.portal, email);
}

const tasks = async (client: PortalClient) =>
  (await client.get('/api/v1/me')).body.tasks as { title: string; route: string; detail: string }[];

describe('Do you have an existing login.cbp.gov account? If yes:', () => {
  it('Login using their login.cbp.gov credentials', async () => {
    await partner(world.portal, 'login@broker.example');
    const answer = await world.portal.client().signIn('login@broker.example', PASSWORD);
    expect(answer.status).toBe(201);
  });

  it('When prompted to Sync Accounts:', async () => {
    const ada = await trader('prompted');
    expect(await tasks(ada)).toEqual([
      expect.objectContaining({ title: 'Sync Accounts', route: 'POST /api/v1/me/legacy-syncs' }),
    ]);
    const officer = await staff(world.portal, 'specialist');
    expect(await tasks(officer)).toEqual([]);
  });

  it('Enter Legacy User Id', async () => {
    await importLegacy(world.portal, legacyAccount('ENTERID'));
    const ada = await trader('enter-id');
    const missing = await ada.post('/api/v1/me/legacy-syncs', { legacyPassword: LEGACY_PASSWORD });
    expect([missing.status, missing.body.errors[0].pointer]).toEqual([422, '/legacyUserId']);
    expect((await sync(ada, 'enterid')).status).toBe(201);
  });

  it('Enter Legacy Password', async () => {
    await importLegacy(world.portal, legacyAccount('ENTERPW'));
    const ada = await trader('enter-password');
    const missing = await ada.post('/api/v1/me/legacy-syncs', { legacyUserId: 'ENTERPW' });
    expect([missing.status, missing.body.errors[0].pointer]).toEqual([422, '/legacyPassword']);
    const wrong = await sync(ada, 'ENTERPW', 'another');
    expect([wrong.status, wrong.body.code]).toEqual([422, 'LegacySyncRefused']);
    expect((await sync(ada, 'ENTERPW')).status).toBe(201);
  });

  it('Click Sync', async () => {
    await importLegacy(world.portal, legacyAccount('CLICK'));
    const ada = await trader('click');
    const answer = await sync(ada, 'CLICK');
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      legacyUserId: 'CLICK',
      company: 'Harbor Imports, Inc.',
      tradeAccounts: [
        { type: 'Importer', number: '12-CLICK', owner: true, permissions: ['RunReports', 'FileProtests'] },
      ],
      from: 'legacy ACE Portal',
      asOf: '2026-01-15T12:00:00.000Z',
      syncedAt: '2026-01-15T12:00:00.000Z',
      nextSteps: [expect.stringContaining('Keep your legacy user id and password')],
    });
  });

  it('The user should now be logged into the Modernized Portal, and their accounts synced', async () => {
    await importLegacy(world.portal, legacyAccount('NOWIN'));
    const ada = await trader('now-in');
    await sync(ada, 'NOWIN');
    const { status, body } = await ada.get('/api/v1/me');
    expect([status, body.tasks, body.legacySync.legacyUserId]).toEqual([200, [], 'NOWIN']);
    const { entries } = (await ada.get('/api/v1/me/history')).body;
    expect(entries.map(({ type }: { type: string }) => type)).toContain('LegacySynced');
  });
});

describe('the legacy account', () => {
  it('Important: Your legacy ACE Portal account must be active and in good standing to set up your modernized ACE Portal account.', async () => {
    const { portal } = world;
    await importLegacy(
      portal,
      legacyAccount('GONE', { status: 'Inactive' }),
      legacyAccount('OWES', { status: 'NotInGoodStanding' }),
    );
    const ada = await trader('standing');
    for (const id of ['GONE', 'OWES']) {
      const refused = await sync(ada, id);
      expect([refused.status, refused.body.code]).toEqual([409, 'LegacyAccountNotInGoodStanding']);
      // With a wrong password nobody learns of it.
      expect((await sync(ada, id, 'another')).body.code).toBe('LegacySyncRefused');
    }
    await importLegacy(portal, legacyAccount('OWES'));
    expect((await sync(ada, 'OWES')).status).toBe(201);
  });

  it('To sync their account access and permissions from the legacy portal to the modernized portal', async () => {
    const purpose = (await tasks(await trader('purpose')))[0]!.detail;
    expect(purpose).toContain('To sync your account access and permissions from the legacy portal');
  });

  it('All users are required to individually sign in to the modernized ACE Portal using their own email address and password.', async () => {
    const { portal } = world;
    await importLegacy(portal, legacyAccount('OWNLOGIN'));
    const stranger = await sync(portal.client(), 'OWNLOGIN');
    expect([stranger.status, stranger.body.code]).toEqual([401, 'NotSignedIn']);
    await portal.client().post('/api/v1/registrations', registration('own@broker.example'));
    const legacyLogin = await portal.client().signIn('own@broker.example', LEGACY_PASSWORD);
    expect(legacyLogin.status).toBe(401);
  });

  it('Once users sync their account using their legacy ACE Portal ID and password, their legacy ACE Portal access will automatically be applied to their modernized ACE Portal account.', async () => {
    const { portal } = world;
    const shared = { type: 'Broker', number: '88-1234567', permissions: ['RunReports'] } as const;
    await importLegacy(
      portal,
      legacyAccount('APPLY1', { tradeAccounts: [{ ...shared, owner: true, permissions: ['ManageUsers'] }] }),
      legacyAccount('APPLY2', { tradeAccounts: [{ ...shared, owner: false, permissions: ['RunReports'] }] }),
    );
    const [owner, user] = [await trader('apply-owner'), await trader('apply-user')];
    const seenAfter = async (client: PortalClient, legacyUserId: string) => {
      const { status, headers } = await sync(client, legacyUserId);
      expect(status).toBe(201);
      const fresh = { 'consistency-token': headers.get('consistency-token')! };
      const { tradeAccounts } = (await client.get('/api/v1/me/trade-accounts', fresh)).body;
      return tradeAccounts.map(({ type, number, isOwner, permissions }: Record<string, unknown>) => ({
        type,
        number,
        isOwner,
        permissions,
      }));
    };
    const account = { type: 'Broker', number: '88-1234567' };
    expect(await seenAfter(owner, 'APPLY1')).toEqual([
      { ...account, isOwner: true, permissions: ['ManageUsers'] },
    ]);
    expect(await seenAfter(user, 'APPLY2')).toEqual([
      { ...account, isOwner: false, permissions: ['RunReports'] },
    ]);
  });

  it('Please note that a given legacy ACE Portal ID and password may only be used once for syncing a legacy ACE Portal account to a modernized ACE Portal account.', async () => {
    await importLegacy(world.portal, legacyAccount('ONCE'));
    const [first, second] = [await trader('once-first'), await trader('once-second')];
    expect((await sync(first, 'ONCE')).status).toBe(201);
    const refused = await sync(second, 'once');
    expect([refused.status, refused.body.code]).toEqual([409, 'LegacyAccountUsed']);
    expect((await tasks(second)).length).toBe(1);
    // Whoever does not know the password does not learn that it was used.
    expect((await sync(second, 'ONCE', 'another')).body.code).toBe('LegacySyncRefused');
  });

  it('In the event that multiple trade users share a single account’s login information, the Account Owner will need to go in and create individual user accounts for additional users.', async () => {
    await importLegacy(world.portal, legacyAccount('SHARED'));
    await sync(await trader('shares-first'), 'SHARED');
    const { nextSteps } = (await sync(await trader('shares-next'), 'SHARED')).body;
    expect(nextSteps.join(' ')).toContain('Account Owner needs to create individual user accounts');
  });

  it('This is done in an Account Owner’s legacy ACE Portal account by clicking the “User Access” button in the Tools tab.', async () => {
    await importLegacy(world.portal, legacyAccount('TOOLS'));
    await sync(await trader('tools-first'), 'TOOLS');
    const { nextSteps } = (await sync(await trader('tools-next'), 'TOOLS')).body;
    expect(nextSteps.join(' ')).toContain('“User Access” in the Tools tab');
  });

  it('After additional individual users have been set up in the legacy ACE Portal, individual users will need to follow the required steps to set up their modernized ACE Portal accounts and sync their legacy ACE Portal account information.', async () => {
    const { portal } = world;
    await importLegacy(portal, legacyAccount('GROUP'));
    await sync(await trader('group-first'), 'GROUP');
    const next = await trader('group-next');
    expect((await sync(next, 'GROUP')).status).toBe(409);
    await importLegacy(portal, legacyAccount('GROUP-2', { passwordHash: ldapHash('their own') }));
    expect((await sync(next, 'GROUP-2', 'their own')).status).toBe(201);
  });

  it('We recommend that you keep your legacy user id and password throughout the transition until the legacy portal is retired.', async () => {
    await importLegacy(world.portal, legacyAccount('KEEP'));
    const ada = await trader('keep');
    const { nextSteps } = (await sync(ada, 'KEEP')).body;
    expect(nextSteps.join(' ')).toContain(
      'Keep your legacy user id and password until the legacy portal is retired',
    );
    const mails = await world.portal.mailTo('keep@broker.example');
    expect(mails.at(-1)!.text).toContain('keep your legacy user id and password until the legacy portal');
  });

  it('You will not need it for the modernized portal, but it may be needed for existing functions in the legacy portal.', async () => {
    await importLegacy(world.portal, legacyAccount('NEED'));
    const ada = await trader('need');
    const { nextSteps } = (await sync(ada, 'NEED')).body;
    expect(nextSteps.join(' ')).toContain(
      'you will not need them here, but existing functions there may ask for them',
    );
    expect((await world.portal.client().signIn('need@broker.example', PASSWORD)).status).toBe(201);
  });

  it('Please contact the ACE Service Desk to request a password reset', async () => {
    const { nextSteps } = (await sync(await trader('desk'), 'NOBODY')).body;
    expect(nextSteps.join(' ')).toContain('contact the ACE Service Desk to request a password reset');
  });
});

describe('an account that is shut', () => {
  it('does not sync while it is suspended, and does once that is lifted', async () => {
    const { portal } = world;
    await importLegacy(portal, legacyAccount('SHUT'));
    const id = await partner(portal, 'shut@broker.example');
    const session = await signedIn(portal, 'shut@broker.example');
    const officer = await staff(portal, 'fieldOfficeManager');
    await officer.post(`/api/v1/accounts/${id}/suspensions`, { reason: 'Under review.' });
    expect((await sync(session, 'SHUT')).status).toBe(401);
    await officer.post(`/api/v1/accounts/${id}/reinstatements`, { reason: 'Reviewed.' });
    expect((await sync(await signedIn(portal, 'shut@broker.example'), 'SHUT')).status).toBe(201);
  });

  it('does not sync while it is locked', async () => {
    const { portal } = world;
    await importLegacy(portal, legacyAccount('LOCKED'));
    const ada = await trader('locked');
    await lockOut(portal, 'locked@broker.example');
    expect((await sync(ada, 'LOCKED')).body.code).toBe('AccountShut');
    portal.clock.advance(15 * MINUTE);
    expect((await sync(ada, 'LOCKED')).status).toBe(201);
  });
});

describe('once synced', () => {
  it('the same request answers the same, and another legacy account is refused', async () => {
    const { portal } = world;
    await importLegacy(portal, legacyAccount('AGAIN1'), legacyAccount('AGAIN2'));
    const ada = await trader('again');
    const key = { 'idempotency-key': 'again-1' };
    const first = await sync(ada, 'AGAIN1', LEGACY_PASSWORD, key);
    for (const headers of [key, {}]) {
      const again = await sync(ada, 'AGAIN1', LEGACY_PASSWORD, headers as Record<string, string>);
      expect([again.status, again.body]).toEqual([201, first.body]);
    }
    const other = await sync(ada, 'AGAIN2');
    expect([other.status, other.body.code]).toEqual([409, 'AlreadySynced']);
    expect((await sync(await trader('again-other'), 'AGAIN2')).status).toBe(201);
  });
});
