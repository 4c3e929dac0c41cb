import { LiveProjections } from '../../src/engine/live-projections.js';
import { MailedPortal } from '../support/mailed-portal.js';
import { lockOut, partner, PASSWORD, resetLink, signedIn, staff } from '../support/people.js';
import type { PortalClient } from '../support/portal-client.js';

const world = new MailedPortal();
let officer: PortalClient;
beforeAll(async () => {
  officer = await staff(world.portal, 'specialist');
});

const suspend = async (id: string) => {
  const answer = await officer.post(`/api/v1/accounts/${id}/suspensions`, { reason: 'Under review.' });
  expect(answer.status).toBe(201);
};

/** What every way in answers. */
async function doors(email: string, session: PortalClient) {
  const { portal } = world;
  return {
    session: (await session.get('/api/v1/me')).status,
    change: (await session.post('/api/v1/me/contact-email-changes', { email: 'x@broker.example' })).status,
    signIn: (await portal.client().signIn(email, PASSWORD)).status,
  };
}

const shut = { session: 401, change: 401, signIn: 401 };

describe('a suspension', () => {
  it('ends every live session on its next request, and shuts every door', async () => {
    const { portal } = world;
    const id = await partner(portal, 'live@broker.example');
    const sessions = [
      await signedIn(portal, 'live@broker.example'),
      await signedIn(portal, 'live@broker.example'),
    ];
    const link = await resetLink(portal, 'live@broker.example');
    for (const session of sessions) expect((await session.get('/api/v1/me')).status).toBe(200);
    await suspend(id);
    for (const session of sessions) expect(await doors('live@broker.example', session)).toEqual(shut);
    const questions = await portal.client().post('/api/v1/password-resets/questions', { token: link });
    expect(questions.status).toBe(409);
  });

  it('is obeyed by every request that comes after its answer, out of many at once', async () => {
    const { portal } = world;
    const id = await partner(portal, 'busy@broker.example');
    const session = await signedIn(portal, 'busy@broker.example');
    let suspended = false;
    const late: number[] = [];
    const asking = Array.from({ length: 4 }, async () => {
      for (let request = 0; request < 25; request += 1) {
        const startedAfter = suspended;
        const { status } = await session.get('/api/v1/me');
        if (startedAfter) late.push(status);
      }
    });
    await suspend(id);
    suspended = true;
    await Promise.all(asking);
    late.push((await session.get('/api/v1/me')).status);
    expect(new Set(late)).toEqual(new Set([401]));
  });

  it('that is lifted does not bring the session back', async () => {
    const { portal } = world;
    const id = await partner(portal, 'lifted@broker.example');
    const session = await signedIn(portal, 'lifted@broker.example');
    await suspend(id);
    await officer.post(`/api/v1/accounts/${id}/reinstatements`, { reason: 'Reviewed.' });
    expect((await session.get('/api/v1/me')).status).toBe(401);
    await signedIn(portal, 'lifted@broker.example');
  });

  it('and a lock hold together: the end of one does not end the other', async () => {
    const { portal } = world;
    const id = await partner(portal, 'both@broker.example');
    await lockOut(portal, 'both@broker.example');
    await suspend(id);
    await officer.post(`/api/v1/accounts/${id}/reinstatements`, { reason: 'Reviewed.' });
    expect((await portal.client().signIn('both@broker.example', PASSWORD)).status).toBe(401);
    await suspend(id);
    await officer.post(`/api/v1/accounts/${id}/unlocks`, { reason: 'Called.' });
    expect((await portal.client().signIn('both@broker.example', PASSWORD)).status).toBe(401);
    await officer.post(`/api/v1/accounts/${id}/reinstatements`, { reason: 'Reviewed.' });
    await signedIn(portal, 'both@broker.example');
  });
});

describe('while every projector is stuck', () => {
  it('a suspension ends a live session on the next request all the same', async () => {
    const { portal } = world;
    const live = portal.app.get(LiveProjections);
    const id = await partner(portal, 'stuck@broker.example');
    const names = live.states().map(({ name }) => name);
    await Promise.all(names.map((name) => live.pause(name)));
    try {
      const session = await signedIn(portal, 'stuck@broker.example');
      expect((await session.get('/api/v1/me')).status).toBe(200);
      const answer = await officer.post(`/api/v1/accounts/${id}/suspensions`, { reason: 'Under review.' });
      expect(await doors('stuck@broker.example', session)).toEqual(shut);
      // The view knows nothing of it yet, and says so rather than show the account as it was.
      const fresh = { 'consistency-token': answer.headers.get('consistency-token')! };
      const lagging = await officer.get(`/api/v1/accounts/${id}`, fresh);
      expect([lagging.status, lagging.body.code]).toEqual([503, 'ProjectionLagging']);
      expect(lagging.headers.get('retry-after')).toBe('1');
    } finally {
      await Promise.all(names.map((name) => live.resume(name)));
    }
  });
});
