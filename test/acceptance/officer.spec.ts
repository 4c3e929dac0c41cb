import { projected } from '../support/history.js';
import { MailedPortal } from '../support/mailed-portal.js';
import { lockOut, partner, PASSWORD, resetLink, signedIn, staff } from '../support/people.js';
import type { PortalClient } from '../support/portal-client.js';

const world = new MailedPortal();
let officer: PortalClient;
let dutyOfficer: PortalClient;
let auditor: PortalClient;
beforeAll(async () => {
  officer = await staff(world.portal, 'specialist');
  dutyOfficer = await staff(world.portal, 'dutyOfficer');
  auditor = await staff(world.portal, 'auditor');
});

const act = (id: string, what: string, body: object, by = officer) =>
  by.post(`/api/v1/accounts/${id}/${what}`, body);
const reason = 'Called, and answered what only she knows.';

describe('an officer', () => {
  it('unlocks a locked account, with a reason', async () => {
    const { portal } = world;
    const id = await partner(portal, 'locked@broker.example');
    await lockOut(portal, 'locked@broker.example');
    expect((await act(id, 'unlocks', { reason })).status).toBe(201);
    await signedIn(portal, 'locked@broker.example');
    expect((await portal.mailTo('locked@broker.example')).at(-1)!.subject).toBe(
      'CTPAT Portal: your account was unlocked',
    );
    const again = await act(id, 'unlocks', { reason });
    expect([again.status, again.body.code, again.body.title]).toEqual([
      409,
      'NotLocked',
      'This account is not locked.',
    ]);
  });

  it('suspends an account for one cause and another, and reinstates one of them while the other holds', async () => {
    const { portal } = world;
    const id = await partner(portal, 'twice@broker.example');
    expect((await act(id, 'suspensions', { reason })).status).toBe(201);
    expect((await act(id, 'suspensions', { reason })).body.code).toBe('AlreadySuspended');
    const concern = { reason: 'Reported a theft.', cause: 'SecurityConcern' };
    expect((await act(id, 'suspensions', concern)).status).toBe(201);
    const which = await act(id, 'reinstatements', { reason });
    expect([which.status, which.body.code]).toEqual([409, 'CauseNeeded']);
    expect((await act(id, 'reinstatements', { reason, cause: 'SecurityConcern' })).status).toBe(201);
    expect((await portal.client().signIn('twice@broker.example', PASSWORD)).status).toBe(401);
    expect((await portal.mailsTo('twice@broker.example')).at(-1)).toContain(
      'The account is suspended by decision of an officer, and stays so until that is lifted.',
    );
    expect((await act(id, 'reinstatements', { reason })).status).toBe(201);
    await signedIn(portal, 'twice@broker.example');
    expect((await act(id, 'reinstatements', { reason })).body.code).toBe('NotSuspended');
  });

  it('gives a reason for each, or nothing happens', async () => {
    const id = await partner(world.portal, 'noreason@broker.example');
    for (const what of ['unlocks', 'suspensions', 'reinstatements', 'recovery-unblocks']) {
      for (const body of [{}, { reason: '' }, { reason: ' ' }]) {
        const refused = await act(id, what, body);
        expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/reason']);
      }
    }
    await signedIn(world.portal, 'noreason@broker.example');
  });

  it('suspends for no cause that is the company’s to give', async () => {
    const id = await partner(world.portal, 'cause@broker.example');
    const refused = await act(id, 'suspensions', { reason, cause: 'CompanyStatus' });
    expect(refused.body.errors).toEqual([
      { pointer: '/cause', detail: 'must be one of OfficerDecision, SecurityConcern' },
    ]);
  });

  it('acts on the account as seen, or is told that it changed', async () => {
    const id = await partner(world.portal, 'stale@broker.example');
    await world.portal.settled();
    await projected(world.portal);
    const seen = await officer.get(`/api/v1/accounts/${id}`);
    const ifMatch = { 'if-match': seen.headers.get('etag')! };
    await signedIn(world.portal, 'stale@broker.example');
    const refused = await officer.post(`/api/v1/accounts/${id}/suspensions`, { reason }, ifMatch);
    expect([refused.status, refused.body.code]).toEqual([412, 'StaleRevision']);
    await signedIn(world.portal, 'stale@broker.example');
  });

  it('opens password recovery again that wrong answers have blocked', async () => {
    const { portal } = world;
    const id = await partner(portal, 'blocked@broker.example');
    const client = portal.client();
    for (let set = 1; set <= 10; set += 1) {
      const token = await resetLink(portal, 'blocked@broker.example');
      const refused = await client.post('/api/v1/password-resets', {
        token,
        answers: ['first-pet', 'nickname', 'first-ship'].map((questionId) => ({
          questionId,
          answer: 'guess',
        })),
        password: PASSWORD,
        passwordAgain: PASSWORD,
      });
      expect([refused.status, refused.body.code]).toEqual([422, 'AnswersRefused']);
    }
    const asked = await client.post('/api/v1/password-reset-requests', { email: 'blocked@broker.example' });
    expect(asked.status).toBe(202);
    expect((await portal.mailTo('blocked@broker.example')).at(-1)!.subject).toBe(
      'CTPAT Portal: no new password for now',
    );
    await signedIn(portal, 'blocked@broker.example');
    expect((await act(id, 'recovery-unblocks', { reason })).status).toBe(201);
    await resetLink(portal, 'blocked@broker.example');
  });
});

describe('a duty officer', () => {
  it('looks an account up by e-mail and sees status, causes, since when, failed sign-ins, open reset and contact', async () => {
    const { portal } = world;
    const id = await partner(portal, 'looked.up@broker.example');
    await resetLink(portal, 'looked.up@broker.example');
    const now = new Date(portal.clock.now()).toISOString();
    await lockOut(portal, 'looked.up@broker.example');
    const suspended = await act(id, 'suspensions', { reason });
    const fresh = { 'consistency-token': suspended.headers.get('consistency-token')! };
    const { body } = await dutyOfficer.get('/api/v1/accounts?email=Looked.Up@broker.example', fresh);
    expect(body).toMatchObject({
      accountId: id,
      email: 'looked.up@broker.example',
      status: 'suspended',
      lock: { cause: 'TooManyFailures', since: now, failures: 5 },
      suspensions: [{ cause: 'OfficerDecision', since: now }],
      failedSignIns: { sinceLastSuccess: 5, lastAt: now },
      openReset: { requestedAt: now },
      contact: expect.stringContaining('Supply Chain Security Specialist'),
    });
    expect(JSON.stringify(body)).not.toMatch(/hash|answers/i);
  });

  it('can change nothing', async () => {
    const id = await partner(world.portal, 'unchanged@broker.example');
    for (const what of ['unlocks', 'suspensions', 'reinstatements', 'recovery-unblocks']) {
      const refused = await act(id, what, { reason }, dutyOfficer);
      expect([refused.status, refused.body.code]).toEqual([403, 'Forbidden']);
    }
    await signedIn(world.portal, 'unchanged@broker.example');
  });

  it('is told in the words of the help page when there is no such account', async () => {
    const missed = await dutyOfficer.get('/api/v1/accounts?email=nobody@broker.example');
    expect([missed.status, missed.body.code]).toEqual([404, 'AccountUnknown']);
    expect(missed.body.nextSteps[0]).toMatch(/^Check that the user name is correct/);
  });
});

describe('looks at accounts', () => {
  it('are recorded one by one, with who looked', async () => {
    const id = await partner(world.portal, 'watched@broker.example');
    const officerId = (await officer.get('/api/v1/me')).body.accountId as string;
    const dutyId = (await dutyOfficer.get('/api/v1/me')).body.accountId as string;
    await projected(world.portal);
    await officer.get('/api/v1/accounts?email=watched@broker.example');
    await officer.get(`/api/v1/accounts/${id}`);
    await dutyOfficer.get(`/api/v1/accounts/${id}`);
    const looks: string[] = [];
    for (let next = ''; ;) {
      const { body } = await auditor.get(`/api/v1/audit/events?limit=200${next && `&after=${next}`}`);
      for (const { type, stream, data } of body.events) {
        if (type === 'AccountChecked' && data.accountId === id) looks.push(stream);
      }
      if (body.events.length === 0) break;
      next = body.next;
    }
    expect(looks).toEqual([`access-${officerId}`, `access-${officerId}`, `access-${dutyId}`]);
  });

  it('are refused to partners and strangers', async () => {
    const id = await partner(world.portal, 'peer@broker.example');
    const peer = await signedIn(world.portal, 'peer@broker.example');
    for (const [client, status] of [
      [peer, 403],
      [world.portal.client(), 401],
    ] as const) {
      expect((await client.get(`/api/v1/accounts/${id}`)).status).toBe(status);
      expect((await client.get('/api/v1/accounts?email=peer@broker.example')).status).toBe(status);
      expect((await act(id, 'suspensions', { reason }, client)).status).toBe(status);
    }
  });
});
