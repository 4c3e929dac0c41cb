import { decodeJwt, decodeProtectedHeader } from 'jose';
import { importLegacy, legacyAccount } from '../support/legacy.js';
import { HANDOFFS, HandoffRoom } from '../support/handoff-room.js';
import { lockOut, partner, signedIn, staff } from '../support/people.js';
import { HOUR, MINUTE, Portal } from '../support/portal.js';

let room: HandoffRoom;
beforeAll(async () => {
  room = await HandoffRoom.open();
});
afterAll(() => room.close());

const ticketDead = [410, 'HandoffTicketDead'];
const refusal = ({ status, body }: { status: number; body: { code: string } }) => [status, body.code];

describe('ACE Portal Modernization FAQs, going back to legacy', () => {
  it('When going back to legacy, they will not need to re-login.', async () => {
    const { client } = await room.synced('BACK01');
    const { status, body } = await client.post(HANDOFFS);
    expect(status).toBe(201);
    expect(body).toEqual({
      ticket: expect.any(String),
      postTo: `${room.legacy.url}/handoff`,
      expiresAt: new Date(room.portal.clock.now() + MINUTE).toISOString(),
    });
    const form = new URLSearchParams({ ticket: body.ticket });
    const letIn = await fetch(body.postTo, { method: 'POST', body: form, redirect: 'manual' });
    expect(letIn.status).toBe(303);
    const [cookie] = letIn.headers.getSetCookie()[0]!.split(';');
    const home = await fetch(room.legacy.url, { headers: { cookie: cookie! } });
    expect(await home.text()).toContain('welcome BACK01');
  });

  it('The legacy portal (ace.cbp.dhs.gov) will be redirected to the modernized portal where users who have not yet synced their accounts must do so.', async () => {
    await partner(room.portal, 'unsynced@broker.example');
    const client = await signedIn(room.portal, 'unsynced@broker.example');
    expect((await client.get('/api/v1/me')).body.tasks).toMatchObject([{ code: 'SyncAccounts' }]);
    const refused = await client.post(HANDOFFS);
    expect(refusal(refused)).toEqual([409, 'LegacyNotSynced']);
    expect(refused.body.nextSteps[0]).toContain('Sync your accounts first');
  });

  it('The modernized portal will be the only way to log in, but users will have the ability to go back to legacy if they please.', async () => {
    expect((await room.portal.client().post(HANDOFFS)).status).toBe(401);
    const { client } = await room.synced('PLEASE01');
    expect((await room.redeem(await room.ticket(client))).status).toBe(200);
    // As often as they like, each time with another ticket.
    expect((await room.redeem(await room.ticket(client))).status).toBe(200);
  });
});

it('From the modernized ACE Portal, navigate to the “References” tab and click the “Legacy ACE Portal” button.', async () => {
  const { client } = await room.synced('TAB01');
  const { references } = (await client.get('/api/v1/references')).body as {
    references: { title: string; handoff: string | null }[];
  };
  expect(references.flatMap(({ title, handoff }) => (handoff === null ? [] : [[title, handoff]]))).toEqual([
    ['Legacy ACE Portal', HANDOFFS],
  ]);
  expect((await client.post(HANDOFFS)).status).toBe(201);
});

describe('a ticket', () => {
  it('holds nothing personal, and says for whom it is and for how long', async () => {
    const { client, accountId } = await room.synced('PLAIN01');
    const { sessions } = (await client.get('/api/v1/me/sessions')).body;
    const ticket = await room.ticket(client);
    const now = Math.floor(room.portal.clock.now() / 1000);
    expect(decodeJwt(ticket)).toEqual({
      iss: 'https://portal.example',
      aud: 'legacy-ace-portal',
      sub: accountId,
      sid: sessions[0].sessionId,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: now,
      exp: now + 60,
    });
    const keys = (await room.portal.client().get('/.well-known/jwks.json')).body.keys as { kid: string }[];
    const { kid, ...header } = decodeProtectedHeader(ticket);
    expect(header).toEqual({ alg: 'EdDSA', typ: 'portcullis-handoff+jwt' });
    expect(keys.map((key) => key.kid)).toContain(kid);
  });

  it('tells the legacy portal, and nobody else, who comes', async () => {
    const { client, accountId } = await room.synced('WHO01');
    const { sessions } = (await client.get('/api/v1/me/sessions')).body;
    const { status, body, headers } = await room.redeem(await room.ticket(client));
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      accountId,
      sid: sessions[0].sessionId,
      sessionExpiresAt: sessions[0].expiresAt,
      legacyUserId: 'WHO01',
      givenName: 'Ada',
      familyName: 'Broker',
    });
  });

  it('is refused twice', async () => {
    const ticket = await room.ticket((await room.synced('TWICE01')).client);
    expect((await room.redeem(ticket)).status).toBe(200);
    expect(refusal(await room.redeem(ticket))).toEqual(ticketDead);
  });

  it('is refused late', async () => {
    const { client } = await room.synced('LATE01');
    const inTime = await room.ticket(client);
    room.portal.clock.advance(MINUTE - 1);
    expect((await room.redeem(inTime)).status).toBe(200);
    const late = await room.ticket(client);
    room.portal.clock.advance(MINUTE);
    expect(refusal(await room.redeem(late))).toEqual(ticketDead);
  });

  it('is refused after a lock', async () => {
    const { client, email } = await room.synced('LOCKED01');
    const ticket = await room.ticket(client);
    await lockOut(room.portal, email);
    expect(refusal(await room.redeem(ticket))).toEqual(ticketDead);
    expect(refusal(await client.post(HANDOFFS))).toEqual([403, 'AccountShut']);
  });

  it('is refused after a suspension', async () => {
    const { client, accountId } = await room.synced('SUSPEND01');
    const ticket = await room.ticket(client);
    const officer = await staff(room.portal, 'specialist', 'suspends@cbp.example');
    const suspended = await officer.post(`/api/v1/accounts/${accountId}/suspensions`, { reason: 'Review.' });
    expect(suspended.status).toBe(201);
    expect(refusal(await room.redeem(ticket))).toEqual(ticketDead);
  });

  it('is refused after a sign-out, and not after that of another session', async () => {
    const { client, email } = await room.synced('SIGNOUT01');
    const other = await signedIn(room.portal, email);
    const [mine, others] = [await room.ticket(client), await room.ticket(other)];
    await client.delete('/api/v1/sessions/current');
    expect(refusal(await room.redeem(mine))).toEqual(ticketDead);
    expect((await room.redeem(others)).status).toBe(200);
  });

  it('is refused once the legacy account is not active any more', async () => {
    const { client } = await room.synced('INACTIVE01');
    const ticket = await room.ticket(client);
    await importLegacy(room.portal, legacyAccount('INACTIVE01', { status: 'Inactive' }));
    expect(refusal(await room.redeem(ticket))).toEqual(ticketDead);
    expect(refusal(await client.post(HANDOFFS))).toEqual([409, 'LegacyAccountNotInGoodStanding']);
  });

  it('is refused in the same words whatever it died of', async () => {
    const { client } = await room.synced('WORDS01');
    const ticket = await room.ticket(client);
    await room.redeem(ticket);
    const [twice, nonsense, foreign] = [
      await room.redeem(ticket),
      await room.redeem('nonsense'),
      await room.redeem(await room.legacy.assertion({ aud: 'legacy-ace-portal' })),
    ];
    expect([nonsense.text, foreign.text]).toEqual([twice.text, twice.text]);
  });

  it('is given ten times a minute, and no more', async () => {
    const { client } = await room.synced('OFTEN01');
    for (let count = 1; count <= 10; count += 1) await room.ticket(client);
    const refused = await client.post(HANDOFFS);
    expect([...refusal(refused), refused.headers.get('retry-after')]).toEqual([429, 'TooManyHandoffs', '60']);
    room.portal.clock.advance(MINUTE);
    expect((await client.post(HANDOFFS)).status).toBe(201);
  });

  it('is shown once: the same request again gets no other', async () => {
    const { client } = await room.synced('AGAIN01');
    const headers = { 'idempotency-key': 'going-back-1' };
    expect((await client.post(HANDOFFS, {}, headers)).status).toBe(201);
    expect(refusal(await client.post(HANDOFFS, {}, headers))).toEqual([409, 'AnswerNotKept']);
  });

  it('opens one session, however many redeem it at once', async () => {
    const ticket = await room.ticket((await room.synced('RACE01')).client);
    const assertions = await Promise.all(Array.from({ length: 64 }, () => room.legacy.assertion()));
    const answers = await Promise.all(assertions.map((assertion) => room.redeem(ticket, assertion)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 410)).toHaveLength(63);
  });

  it('works on with the next key', async () => {
    const { email } = await room.synced('ROTATE01');
    const kidsOf = async () =>
      (await room.portal.client().get('/.well-known/jwks.json')).body.keys.map(
        ({ kid }: { kid: string }) => kid,
      );
    const before = await kidsOf();
    room.portal.clock.advance(31 * 24 * HOUR);
    const ticket = await room.ticket(await signedIn(room.portal, email));
    expect(before).not.toContain(decodeProtectedHeader(ticket).kid);
    expect((await room.redeem(ticket)).status).toBe(200);
  });
});

describe('a portal that knows no legacy portal', () => {
  it.each([
    ['no settings', {}],
    [
      'a retired legacy portal',
      { REFERENCES: 'legacyPortal=retired,protest=comingSoon,aes=comingSoon,aceReports=comingSoon' },
    ],
  ])('hands nobody over, and says so: %s', async (name, settings) => {
    const legacy = name === 'no settings' ? {} : room.legacy.settings;
    const portal = await Portal.open({ ...legacy, ...settings });
    try {
      await partner(portal, 'alone@broker.example');
      const refused = await (await signedIn(portal, 'alone@broker.example')).post(HANDOFFS);
      expect(refusal(refused)).toEqual([409, 'HandoffNotOpen']);
      expect(refused.body.nextSteps.join(' ')).toContain('LEGACY_PORTAL_URL');
    } finally {
      await portal.close();
    }
  });
});
