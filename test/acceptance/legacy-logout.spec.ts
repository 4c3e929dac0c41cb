import { setTimeout } from 'node:timers/promises';
import { RetryLegacyLogoutsJob } from '../../src/jobs/retry-legacy-logouts.js';
import { Metrics } from '../../src/http/admin/metrics.js';
import { HANDOFFS, HandoffRoom } from '../support/handoff-room.js';
import { projected } from '../support/history.js';
import { retireLegacyPortal } from '../support/legacy-retirement.js';
import { ANOTHER_PASSWORD, lockOut, newPassword, resetLink, signedIn, staff } from '../support/people.js';
import { DAY, MINUTE } from '../support/portal.js';
import type { PortalClient } from '../support/portal-client.js';

let room: HandoffRoom;

beforeEach(async () => {
  room = await HandoffRoom.open();
});
afterEach(() => room.close());

interface Trader {
  readonly client: PortalClient;
  readonly accountId: string;
  readonly email: string;
}

/** Synced, signed in, and gone over to the legacy portal. */
async function overThere(legacyUserId: string): Promise<Trader> {
  const trader = await room.synced(legacyUserId);
  await goOver(trader.client);
  expect(isIn(legacyUserId)).toBe(true);
  return trader;
}

/** As the browser does that posts the ticket. */
async function goOver(client: PortalClient): Promise<void> {
  const body = new URLSearchParams({ ticket: await room.ticket(client) });
  const answer = await fetch(`${room.legacy.url}/handoff`, { method: 'POST', body, redirect: 'manual' });
  expect(answer.status).toBe(303);
}

const isIn = (legacyUserId: string): boolean =>
  room.legacy.sessions.some((session) => session.legacyUserId === legacyUserId);

async function endsWithinASecond(legacyUserId: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 1_000 && isIn(legacyUserId); waitedMs += 10) await setTimeout(10);
  expect(isIn(legacyUserId)).toBe(false);
}

async function settled(): Promise<void> {
  await room.portal.settled();
  await projected(room.portal);
}

async function jobRuns(): Promise<void> {
  await settled();
  await room.portal.app.get(RetryLegacyLogoutsJob).run();
  await settled();
}

async function unacknowledged(by: PortalClient) {
  await settled();
  const { status, body } = await by.get('/api/v1/legacy-logouts');
  expect(status).toBe(200);
  return body.logouts as { accountId: string; cause: string; failures: number; trouble: string | null }[];
}

describe('The session at the legacy portal ends', () => {
  it('when its owner signs out here', async () => {
    const { client } = await overThere('SIGNOUT');
    expect((await client.delete('/api/v1/sessions/current')).status).toBe(204);
    await endsWithinASecond('SIGNOUT');
  });

  it('when the account is locked', async () => {
    const { email } = await overThere('LOCKED');
    await lockOut(room.portal, email);
    await endsWithinASecond('LOCKED');
  });

  it('when the account is suspended', async () => {
    const { accountId } = await overThere('SUSPENDED');
    const officer = await staff(room.portal, 'fieldOfficeManager');
    await officer.post(`/api/v1/accounts/${accountId}/suspensions`, { reason: 'Under review.' });
    await endsWithinASecond('SUSPENDED');
  });

  it('when the password is reset', async () => {
    const { email } = await overThere('RESET');
    const token = await resetLink(room.portal, email);
    expect((await room.portal.client().post('/api/v1/password-resets', newPassword(token))).status).toBe(200);
    await endsWithinASecond('RESET');
  });

  it('when the password is changed in another session, and not when it is changed in its own', async () => {
    const { client, email } = await overThere('CHANGED');
    const other = await signedIn(room.portal, email);
    const change = (password: string) => ({ password, passwordAgain: password });
    const own = await client.post('/api/v1/me/password-changes', change(ANOTHER_PASSWORD));
    expect(own.status).toBe(204);
    await settled();
    expect(isIn('CHANGED')).toBe(true);
    expect((await other.get('/api/v1/me')).status).toBe(401);
    const third = await signedIn(room.portal, email, ANOTHER_PASSWORD);
    await third.post('/api/v1/me/password-changes', change('Copper-Meadow-19'));
    await endsWithinASecond('CHANGED');
  });

  it('and not those of other sessions, or other people', async () => {
    const { client, email } = await overThere('MINE');
    await overThere('OTHERS');
    const second = await signedIn(room.portal, email);
    await second.delete('/api/v1/sessions/current');
    await settled();
    expect([isIn('MINE'), isIn('OTHERS')]).toEqual([true, true]);
    await client.delete('/api/v1/sessions/current');
    await endsWithinASecond('MINE');
    expect(isIn('OTHERS')).toBe(true);
  });

  it('again, where its owner went over again after a lock', async () => {
    const { client, email } = await overThere('AGAIN');
    await lockOut(room.portal, email);
    await endsWithinASecond('AGAIN');
    room.portal.clock.advance(15 * MINUTE);
    await goOver(client);
    expect(isIn('AGAIN')).toBe(true);
    await client.delete('/api/v1/sessions/current');
    await endsWithinASecond('AGAIN');
    expect(room.legacy.logoutTokens).toHaveLength(2);
  });
});

describe('The logout token', () => {
  it('is as OpenID Connect Back-Channel Logout 1.0 has it, and tells nothing personal', async () => {
    const { client, accountId } = await overThere('TOKEN');
    const { sid } = room.legacy.sessions[0]!;
    await client.delete('/api/v1/sessions/current');
    await settled();
    const payload = await room.legacy.verified(room.legacy.logoutTokens[0]!, 'logout+jwt');
    expect(payload).toEqual({
      ...{ iss: 'https://portal.example', aud: 'legacy-ace-portal', sub: accountId, sid },
      ...{ iat: expect.any(Number), exp: payload.iat! + 120, jti: expect.any(String) },
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
  });
});

describe('A legacy portal that does not acknowledge', () => {
  it('is shown, tried again under the same id, and gone from the list once it does', async () => {
    const { client, accountId } = await overThere('AWAY');
    const officer = await staff(room.portal, 'dutyOfficer');
    expect(await unacknowledged(officer)).toEqual([]);
    room.legacy.logoutStatus = 503;
    await client.delete('/api/v1/sessions/current');
    expect(await unacknowledged(officer)).toEqual([
      {
        ...{ logoutId: expect.any(String), accountId, cause: 'SessionEnded', failures: 1, trouble: 'Faulty' },
        ...{ since: '2026-01-15T12:00:00.000Z', nextTryAt: '2026-01-15T12:00:05.000Z' },
      },
    ]);
    const metrics = await room.portal.app.get(Metrics).text();
    expect(metrics).toContain('portcullis_legacy_logouts_unacknowledged 1');
    await jobRuns();
    expect(room.legacy.logoutTokens).toHaveLength(1);

    room.portal.clock.advance(MINUTE);
    room.legacy.logoutStatus = 400;
    await jobRuns();
    expect(await unacknowledged(officer)).toEqual([
      expect.objectContaining({ failures: 2, trouble: 'Refused' }),
    ]);

    room.portal.clock.advance(MINUTE);
    room.legacy.logoutStatus = 200;
    await jobRuns();
    expect(isIn('AWAY')).toBe(false);
    expect(await unacknowledged(officer)).toEqual([]);
    const tokens = await Promise.all(room.legacy.logoutTokens.map((token) => idOf(token)));
    expect(tokens).toHaveLength(3);
    expect(new Set(tokens).size).toBe(1);
  });

  it('is told of all as soon as it is back', async () => {
    const traders = [];
    for (let index = 0; index < 10; index += 1) traders.push(await overThere(`MANY${index}`));
    room.legacy.logoutStatus = 503;
    for (const { client } of traders) await client.delete('/api/v1/sessions/current');
    const auditor = await staff(room.portal, 'auditor');
    expect(await unacknowledged(auditor)).toHaveLength(10);
    // The breaker: nobody knocks ten times at a door that is shut.
    expect(room.legacy.logoutTokens.length).toBeLessThan(10);
    room.legacy.logoutStatus = 204;
    room.portal.clock.advance(10_000);
    await setTimeout(5_100);
    await jobRuns();
    expect(await unacknowledged(auditor)).toEqual([]);
  });

  it('has ended the session by itself after a day, and is told no more', async () => {
    const { client } = await overThere('LAPSED');
    room.legacy.logoutStatus = 503;
    await client.delete('/api/v1/sessions/current');
    await settled();
    room.portal.clock.advance(DAY);
    room.legacy.logoutStatus = 200;
    await jobRuns();
    expect(room.legacy.logoutTokens).toHaveLength(1);
    expect(await unacknowledged(await staff(room.portal, 'dutyOfficer'))).toEqual([]);
  });

  it('is shown to auditors and Duty Officers alone', async () => {
    const { client } = await room.synced('CURIOUS');
    expect((await client.get('/api/v1/legacy-logouts')).status).toBe(403);
    const specialist = await staff(room.portal, 'specialist');
    expect((await specialist.get('/api/v1/legacy-logouts')).status).toBe(403);
  });
});

describe('Once the legacy portal is retired', () => {
  it('nobody is handed over to it, with an old ticket neither, and “References” leads there no more', async () => {
    const { client } = await room.synced('RETIRED');
    const ticket = await room.ticket(client);
    const references = async () => (await client.get('/api/v1/references')).body.references[0];
    expect(await references()).toMatchObject({ state: 'available', handoff: HANDOFFS });
    await retireLegacyPortal(room.portal);
    expect(await references()).toMatchObject({ state: 'retired', link: null, handoff: null });
    const refused = await client.post(HANDOFFS);
    expect([refused.status, refused.body.code]).toEqual([409, 'HandoffNotOpen']);
    expect((await room.redeem(ticket)).body.code).toBe('HandoffNotOpen');
  });
});

const idOf = async (token: string): Promise<unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()).jti;
