import { MailedPortal } from '../support/mailed-portal.js';
import { lockOut, partner, signedIn, staff } from '../support/people.js';
import type { PortalClient } from '../support/portal-client.js';

interface Event {
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly data: Record<string, unknown>;
  readonly sealed: boolean;
  readonly actor: { kind: string; id: string };
}

const world = new MailedPortal();
const reason = 'A complaint about this account is being looked into.';
let auditor: PortalClient;
let officer: PortalClient;
let id: string;
beforeAll(async () => {
  const { portal } = world;
  auditor = await staff(portal, 'auditor');
  officer = await staff(portal, 'specialist');
  id = await partner(portal, 'audited@broker.example');
  await lockOut(portal, 'audited@broker.example');
  await officer.post(`/api/v1/accounts/${id}/unlocks`, { reason: 'Identified by her voice.' });
  await portal.settled();
});

const page = async (path: string): Promise<{ events: Event[]; next: string | null }> => {
  const { status, body } = await auditor.get(path);
  expect(status).toBe(200);
  return body;
};

describe('an auditor', () => {
  it('reads the full event history of an account, page by page', async () => {
    const events: Event[] = [];
    for (let next: string | null = '0'; next !== null;) {
      const read: Awaited<ReturnType<typeof page>> = await page(
        `/api/v1/audit/accounts/${id}/events?limit=4&cursor=${next}`,
      );
      expect(read.events.length).toBeLessThanOrEqual(4);
      events.push(...read.events);
      next = read.next;
    }
    expect(events.map(({ revision }) => revision)).toEqual(events.map((_, index) => index));
    expect(events.map(({ type }) => type).filter((type) => type !== 'NoticeSent')).toEqual([
      'AccountRegistered',
      'EmailConfirmed',
      ...Array<string>(5).fill('LoginFailed'),
      'AccountLocked',
      'AccountUnlocked',
    ]);
    const officerId = (await officer.get('/api/v1/me')).body.accountId as string;
    expect(events.find(({ type }) => type === 'AccountUnlocked')!.actor).toEqual({
      kind: 'account',
      id: officerId,
      role: 'specialist',
    });
  });

  it('sees no personal value before having said why, and that is on record before the first one is shown', async () => {
    const path = `/api/v1/audit/accounts/${id}`;
    const { text } = await auditor.get(`${path}/events?limit=200`);
    for (const personal of ['audited@broker.example', 'Ada', 'Identified by her voice.', '127.0.0.1']) {
      expect(text).not.toContain(personal);
    }
    for (const body of [{}, { reason: '  ' }]) {
      expect((await auditor.post(`${path}/revelations`, body)).status).toBe(422);
    }
    const revealed = await auditor.post(`${path}/revelations`, { reason });
    expect(revealed.status).toBe(200);
    const [registered] = revealed.body.events as Event[];
    expect(registered).toMatchObject({
      sealed: false,
      data: { email: 'audited@broker.example', givenName: 'Ada' },
    });
    expect(revealed.text).toContain('Identified by her voice.');
    const looks = (await wholeLog()).filter(({ type }) => type === 'PersonalDataRevealed');
    expect(looks).toHaveLength(1);
    expect(looks[0]).toMatchObject({ data: { accountId: id }, sealed: true });
    expect(JSON.stringify(looks[0])).not.toContain(reason);
  });

  it('never sees a hash of a password, of answers or of a session, with a reason or without', async () => {
    const path = `/api/v1/audit/accounts/${id}`;
    await signedIn(world.portal, 'audited@broker.example');
    const { text } = await auditor.post(`${path}/revelations`, { reason });
    expect(text).toMatch(/LoginSucceeded[^]*"session":/);
    expect(text).not.toMatch(/argon2|Hash/);
    expect((await auditor.get(`${path}/events?limit=200`)).text).not.toMatch(/argon2|Hash/);
  });

  it('reads the log from a position on, to its end', async () => {
    const all = await wholeLog();
    expect(all.map(({ position }) => position)).toEqual(all.map(({ position }) => position).sort());
    const middle = all[5]!.position;
    const rest = await page(`/api/v1/audit/events?limit=3&after=${middle}`);
    expect(rest.events.map(({ position }) => position)).toEqual(
      all.slice(6, 9).map(({ position }) => position),
    );
    expect(rest.next).toBe(rest.events.at(-1)!.position);
    const refused = await auditor.get('/api/v1/audit/events?after=%00');
    expect([refused.status, refused.body.code]).toEqual([422, 'InvalidInput']);
  });

  it('is the only one who reads the log', async () => {
    await partner(world.portal, 'nosy@broker.example');
    const nosy = await signedIn(world.portal, 'nosy@broker.example');
    for (const client of [nosy, officer]) {
      expect((await client.get('/api/v1/audit/events')).status).toBe(403);
      expect((await client.get(`/api/v1/audit/accounts/${id}/events`)).status).toBe(403);
      expect((await client.post(`/api/v1/audit/accounts/${id}/revelations`, { reason })).status).toBe(403);
    }
    expect((await auditor.get(`/api/v1/accounts/${id}`)).status).toBe(403);
  });
});

async function wholeLog(): Promise<Event[]> {
  const events: Event[] = [];
  for (let next = ''; ;) {
    const read = await page(`/api/v1/audit/events?limit=7${next && `&after=${next}`}`);
    if (read.events.length === 0) return events;
    events.push(...read.events);
    next = read.next!;
  }
}
