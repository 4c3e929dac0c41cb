import { MailedPortal } from '../support/mailed-portal.js';
import { importLegacy, legacyAccount, sync } from '../support/legacy.js';
import { NEW_PASSWORD, SET } from '../support/legacy-passwords.js';
import { sentences, projected } from '../support/history.js';
import { partner, PASSWORD, signedIn } from '../support/people.js';
import { MINUTE, Portal } from '../support/portal.js';
import { EventStore } from '../../src/ports.js';
import { PORTAL_MODE, SharedLogin } from '../support/trade-users.js';

const world = new MailedPortal(PORTAL_MODE);

describe('where users are created in the portal', () => {
  it('In the event that multiple trade users share a single account’s login information, the Account Owner will need to go in and create individual user accounts for additional users.', async () => {
    const company = await SharedLogin.open(world.portal);
    const created = await company.creates('ben', ['RunReports', 'ViewEntries']);
    expect([created.status, created.body]).toEqual([
      201,
      {
        userId: expect.any(String),
        state: 'pending',
        isOwner: false,
        givenName: 'Ben',
        familyName: 'Okafor',
        email: company.email('ben'),
        legacyUserId: expect.stringMatching(/^[A-HJ-NP-Z2-9]{10}$/),
        permissions: ['RunReports', 'ViewEntries'],
        since: '2026-01-15T12:00:00.000Z',
      },
    ]);
    const [mail] = await world.portal.mailTo(company.email('ben'));
    expect(mail!.text).toContain('The Account Owner of a trade account of Harbor Imports, Inc.');
    expect(mail!.text).toContain(created.body.legacyUserId);
    expect(mail!.text).toContain('When prompted to Sync Accounts, enter your legacy user id');
    // The address is not confirmed: what somebody typed as a name is not mailed there.
    expect(mail!.text).not.toContain('Okafor');
    expect(mail!.text).not.toContain(company.number);
  });

  it('This is done in an Account Owner’s account by clicking the “User Access” button in the Tools tab.', async () => {
    const company = await SharedLogin.open(world.portal);
    const { status, body } = await company.owner.get('/api/v1/user-access');
    expect([status, body]).toEqual([
      200,
      {
        where: 'portal',
        steps: [
          expect.stringContaining('POST /api/v1/me/trade-accounts/{id}/users'),
          expect.stringContaining('a mail with a legacy user id'),
          expect.stringContaining('creates an account here'),
        ],
        legacyPortal: null,
        guide: null,
      },
    ]);
  });

  it('After additional individual users have been set up, individual users will need to follow the required steps to set up their modernized ACE Portal accounts and sync their legacy ACE Portal account information.', async () => {
    const company = await SharedLogin.open(world.portal);
    const { userId } = (await company.creates('ben', ['RunReports'])).body;
    const legacyUserId = await company.setsUp('ben');
    const ben = await company.joins('ben');
    expect(await company.tradeAccountsOf(ben)).toEqual([]);
    const synced = await sync(ben, legacyUserId, NEW_PASSWORD);
    expect([synced.status, synced.body.tradeAccounts]).toEqual([
      201,
      [{ type: 'Importer', number: company.number, owner: false, permissions: ['RunReports'] }],
    ]);
    await projected(world.portal);
    expect(await company.tradeAccountsOf(ben)).toEqual([
      expect.objectContaining({ isOwner: false, permissions: ['RunReports'] }),
    ]);
    const users = await company.list();
    expect(users).toHaveLength(2);
    expect(users).toContainEqual(expect.objectContaining({ userId, state: 'active', legacyUserId }));
  });

  it('Please note that a given legacy ACE Portal ID and password may only be used once for syncing: also that of an individual user', async () => {
    const company = await SharedLogin.open(world.portal);
    await company.creates('ben');
    const legacyUserId = await company.setsUp('ben');
    expect((await sync(await company.joins('ben'), legacyUserId, NEW_PASSWORD)).status).toBe(201);
    const other = await sync(await company.joins('cleo'), legacyUserId, NEW_PASSWORD);
    expect([other.status, other.body.code]).toEqual([409, 'LegacyAccountUsed']);
    expect(other.body.nextSteps.join(' ')).toContain('GET /api/v1/user-access');
  });

  it('When this functionality is available in the modernized ACE Portal, additional information will be provided.', async () => {
    const client = world.portal.client();
    const { text } = (await client.get('/api/v1/help/creating-users')).body;
    expect(text).toContain('Users can be created here now');
    expect(text).not.toContain('You will be told here when');
    const shared = (await client.get('/api/v1/help/shared-logins')).body.text;
    expect(shared).toContain('creates individual users for the others here');
  });
});

describe('the users of a trade account', () => {
  it('are shown to the Account Owner: names, and addresses only of those whom the owner created', async () => {
    const company = await SharedLogin.open(world.portal);
    await company.syncs('user', false, ['RunReports']);
    await company.creates('ben');
    const users = await company.list();
    expect(users.map(({ state, isOwner, email }) => ({ state, isOwner, email }))).toEqual(
      expect.arrayContaining([
        { state: 'active', isOwner: true, email: null },
        { state: 'active', isOwner: false, email: null },
        { state: 'pending', isOwner: false, email: company.email('ben') },
      ]),
    );
    expect(users.map(({ familyName }) => familyName).sort()).toEqual(['Broker', 'Broker', 'Okafor']);
  });

  it('are shown to nobody else', async () => {
    const company = await SharedLogin.open(world.portal);
    const user = await company.syncs('user', false, ['RunReports']);
    const stranger = await company.joins('stranger');
    const asked = async (client: typeof user) => {
      const { status, body } = await client.get(company.users);
      return [status, body.code];
    };
    expect(await asked(user)).toEqual([403, 'NotAccountOwner']);
    expect(await asked(stranger)).toEqual([404, 'TradeAccountUnknown']);
    const nowhere = '/api/v1/me/trade-accounts/00000000-0000-8000-8000-000000000000/users';
    const { body } = await company.owner.get(nowhere);
    expect(body.code).toBe('TradeAccountUnknown');
  });

  it('come in pages', async () => {
    const company = await SharedLogin.open(world.portal);
    for (const who of ['ben', 'cleo', 'dev', 'eve']) await company.creates(who);
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const path = `${company.users}?limit=2${cursor && `&cursor=${cursor}`}`;
      const { body } = await company.owner.get(path);
      found.push(...(body.users as { userId: string }[]).map(({ userId }) => userId));
      cursor = body.next as string | null;
    }
    expect(new Set(found).size).toBe(5);
    expect((await company.owner.get(`${company.users}?cursor=%20`)).status).toBe(422);
  });
});

describe('creating a user', () => {
  it('gives no permission that the owner does not have, and names each', async () => {
    const company = await SharedLogin.open(world.portal);
    const { status, body } = await company.creates('ben', ['RunReports', 'ManageUsers', 'CloseAccounts']);
    expect([status, body.code, body.errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([
      422,
      'InvalidInput',
      ['/permissions/1', '/permissions/2'],
    ]);
    expect(await world.portal.mailTo(company.email('ben'))).toEqual([]);
  });

  it('is the owner’s alone', async () => {
    const company = await SharedLogin.open(world.portal);
    const user = await company.syncs('user', false, ['RunReports']);
    const person = {
      email: company.email('ben'),
      givenName: 'Ben',
      familyName: 'O',
      permissions: ['RunReports'],
    };
    const refused = await user.post(company.users, person);
    expect([refused.status, refused.body.code]).toEqual([403, 'NotAccountOwner']);
    expect(await world.portal.mailTo(company.email('ben'))).toEqual([]);
  });

  it('asks for the password again after five minutes', async () => {
    const company = await SharedLogin.open(world.portal);
    const { userId } = (await company.creates('ben')).body;
    world.portal.clock.advance(5 * MINUTE);
    expect((await company.creates('cleo')).body.code).toBe('StepUpRequired');
    expect((await company.removes(userId)).body.code).toBe('StepUpRequired');
    await company.owner.post('/api/v1/sessions/current/step-ups', { password: PASSWORD });
    expect((await company.creates('cleo')).status).toBe(201);
  });

  it('is done once for one address, and once for one request', async () => {
    const company = await SharedLogin.open(world.portal);
    const key = { 'idempotency-key': 'ben-1' };
    const first = await company.creates('ben', ['RunReports'], key);
    const again = await company.creates('ben', ['RunReports'], key);
    expect([again.status, again.body]).toEqual([201, first.body]);
    const other = await company.creates('ben');
    expect([other.status, other.body.code]).toEqual([409, 'UserPending']);
    expect(await world.portal.mailTo(company.email('ben'))).toHaveLength(1);
    expect(await company.list()).toHaveLength(2);
  });

  it('is limited by client: each costs a mail to an address that somebody typed', async () => {
    const portal = await Portal.open({ ...PORTAL_MODE, CLIENT_REQUESTS_MAX: '4' });
    try {
      const company = await SharedLogin.open(portal);
      const statuses = [];
      for (const who of ['a', 'b', 'c', 'd']) statuses.push((await company.creates(who)).status);
      // The owner's own registration was one.
      expect(statuses).toEqual([201, 201, 201, 429]);
      expect(await portal.mailTo(company.email('d'))).toEqual([]);
      expect(await company.list()).toHaveLength(4);
    } finally {
      await portal.close();
    }
  });

  it('answers without a password, and leaves neither name nor address readable in the log', async () => {
    const company = await SharedLogin.open(world.portal);
    const { text } = await company.creates('ben');
    expect(text.toLowerCase()).not.toContain('password');
    const legacyUserId = await company.setsUp('ben');
    const log = world.portal.app.get(EventStore);
    for (let page = await log.readLog(null, 500); page.length > 0;) {
      const stored = page.map(({ data, metadata, stream }) => `${stream} ${data} ${metadata}`).join(' ');
      for (const secret of [company.email('ben'), legacyUserId, NEW_PASSWORD]) {
        expect(stored).not.toContain(secret);
      }
      page = await log.readLog(page.at(-1)!.position, 500);
    }
  });
});

describe('a user whom the owner removes', () => {
  it('has no access from that moment on, and is told by mail', async () => {
    const company = await SharedLogin.open(world.portal);
    const user = await company.syncs('user', false, ['RunReports']);
    const { userId } = (await company.list()).find(({ isOwner }) => !isOwner) as { userId: string };
    expect(await company.tradeAccountsOf(user)).toHaveLength(1);
    expect((await company.removes(userId)).status).toBe(204);
    expect(await company.tradeAccountsOf(user)).toEqual([]);
    const mails = await world.portal.mailsTo(company.email('user'));
    expect(mails.at(-1)).toContain(`the Importer account ${company.number}`);
    expect(await sentences(user)).toContain(
      'The Account Owner of a trade account took your access to it away.',
    );
    // Again: nothing more happens.
    expect((await company.removes(userId)).status).toBe(204);
    expect(await world.portal.mailTo(company.email('user'))).toHaveLength(mails.length);
    expect(await company.list()).toHaveLength(1);
  });

  it('can never sync where that was not done yet: neither with the password nor by the link', async () => {
    const company = await SharedLogin.open(world.portal);
    const [early, late] = [(await company.creates('early')).body, (await company.creates('late')).body];
    const legacyUserId = await company.setsUp('early');
    for (const { userId } of [early, late]) expect((await company.removes(userId)).status).toBe(204);
    const refused = await sync(await company.joins('early'), legacyUserId, NEW_PASSWORD);
    expect([refused.status, refused.body.code]).toEqual([422, 'LegacySyncRefused']);
    const token = await world.portal.mailedToken(company.email('late'), 'legacy-password');
    const set = { token, password: NEW_PASSWORD, passwordAgain: NEW_PASSWORD };
    const dead = await world.portal.client().post(SET, set);
    expect([dead.status, dead.body.code]).toEqual([410, 'LegacyLinkDead']);
    const told = await world.portal.mailsTo(company.email('late'));
    expect(told.at(-1)).toContain('took the individual user account back');
  });

  it('is found by the same id before and after the sync', async () => {
    const company = await SharedLogin.open(world.portal);
    const { userId } = (await company.creates('ben')).body;
    const ben = await company.joins('ben');
    await sync(ben, await company.setsUp('ben'), NEW_PASSWORD);
    expect((await company.removes(userId)).status).toBe(204);
    expect(await company.tradeAccountsOf(ben)).toEqual([]);
  });

  it('stays removed when the directory is imported again', async () => {
    const { portal } = world;
    const company = await SharedLogin.open(portal);
    const user = await company.syncs('user', false, ['RunReports']);
    const { userId } = (await company.list()).find(({ isOwner }) => !isOwner) as { userId: string };
    await company.removes(userId);
    const tradeAccounts = [
      { type: 'Importer' as const, number: company.number, owner: false, permissions: ['FileProtests'] },
    ];
    await importLegacy(portal, legacyAccount(`${company.name}-user`, { tradeAccounts }));
    await sync(user, `${company.name}-user`);
    await portal.settled();
    expect(await company.tradeAccountsOf(user)).toEqual([]);
    // Nor does a file bring back an individual user under the same id.
    const { userId: benId, legacyUserId } = (await company.creates('ben')).body;
    await company.removes(benId);
    await expect(importLegacy(portal, legacyAccount(legacyUserId))).rejects.toThrow('created in the portal');
  });

  it('is never the owner, whose place another takes by an application', async () => {
    const company = await SharedLogin.open(world.portal);
    const [owner] = await company.list();
    const { status, body } = await company.removes(owner!.userId as string);
    expect([status, body.code]).toEqual([409, 'AccountOwnerStays']);
    expect(body.nextSteps.join(' ')).toContain('replacing-the-account-owner');
  });

  it('is removed by nobody but the owner', async () => {
    const company = await SharedLogin.open(world.portal);
    const user = await company.syncs('user', false, ['RunReports']);
    const { userId } = (await company.creates('ben')).body;
    expect((await company.removes(userId, user)).body.code).toBe('NotAccountOwner');
    expect((await company.removes(userId, await company.joins('stranger'))).body.code).toBe(
      'TradeAccountUnknown',
    );
    expect((await company.removes('00000000-0000-4000-8000-000000000000')).body.code).toBe('UserUnknown');
  });
});

describe('where users are created in the legacy portal', () => {
  const legacy = new MailedPortal({ USER_ACCESS_GUIDE: 'https://training.example/managing-user-access' });

  it('At this time, users should continue to follow the current process in the legacy ACE Portal for creating users.', async () => {
    const company = await SharedLogin.open(legacy.portal);
    const { body } = await company.owner.get('/api/v1/user-access');
    expect(body).toEqual({
      where: 'legacy',
      steps: [expect.any(String), expect.any(String)],
      legacyPortal: 'https://ace.cbp.dhs.gov',
      guide: 'https://training.example/managing-user-access',
    });
  });

  it('This is done in an Account Owner’s legacy ACE Portal account by clicking the “User Access” button in the Tools tab.', async () => {
    const company = await SharedLogin.open(legacy.portal);
    const { steps } = (await company.owner.get('/api/v1/user-access')).body;
    expect(steps[0]).toContain('In your legacy ACE Portal account, click “User Access” in the Tools tab');
    expect(steps[1]).toContain('syncs it with their own legacy user id and password');
  });

  it('For more information, please see the Managing User Access training guide.', async () => {
    const company = await SharedLogin.open(legacy.portal);
    const { guide } = (await company.owner.get('/api/v1/user-access')).body;
    expect(guide).toBe('https://training.example/managing-user-access');
    // An operator who links none does not lead people astray.
    const plain = await Portal.open();
    try {
      await partner(plain, 'nobody@broker.example');
      const nobody = await signedIn(plain, 'nobody@broker.example');
      expect((await nobody.get('/api/v1/user-access')).body).toMatchObject({ where: 'legacy', guide: null });
    } finally {
      await plain.close();
    }
  });

  it('nothing is created or removed here, and the way to the legacy portal is told', async () => {
    const company = await SharedLogin.open(legacy.portal);
    await company.syncs('user', false, ['RunReports']);
    const { userId } = (await company.list()).find(({ isOwner }) => !isOwner) as { userId: string };
    for (const { status, body } of [await company.creates('ben'), await company.removes(userId)]) {
      expect([status, body.code]).toEqual([409, 'UserAccessElsewhere']);
      expect(body.nextSteps.join(' ')).toContain('https://ace.cbp.dhs.gov');
      expect(body.nextSteps.join(' ')).toContain('https://training.example/managing-user-access');
    }
    expect(await company.list()).toHaveLength(2);
  });

  it('it is told to those who are signed in', async () => {
    expect((await legacy.portal.client().get('/api/v1/user-access')).status).toBe(401);
    await partner(legacy.portal, 'nobody@broker.example');
    const nobody = await signedIn(legacy.portal, 'nobody@broker.example');
    expect((await nobody.get('/api/v1/user-access')).status).toBe(200);
  });
});
