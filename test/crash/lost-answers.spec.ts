import {
  ANOTHER_PASSWORD,
  newPassword,
  partner,
  PASSWORD,
  registration,
  resetLink,
  signedIn,
  staff,
} from '../support/people.js';
import { Portal } from '../support/portal.js';
import type { PortalClient } from '../support/portal-client.js';

let portal: Portal;
beforeAll(async () => {
  portal = await Portal.open();
});
afterAll(() => portal.close());

/** Sends the same request twice, as one does whose answer was lost, and once more under another key. */
async function threeTimes(client: PortalClient, path: string, body: object) {
  const send = (key: string) => client.post(`/api/v1/${path}`, body, { 'idempotency-key': key });
  return [await send('once'), await send('once'), await send('anew')] as const;
}

describe('A request sent again because its answer was lost is answered alike', () => {
  test('when it confirmed a registration, though its link is used up', async () => {
    await portal.client().post('/api/v1/registrations', registration('ada@broker.example'));
    const token = await portal.mailedToken('ada@broker.example', 'confirm');
    const body = { token, password: PASSWORD };
    const [first, again, anew] = await threeTimes(portal.client(), 'registrations/confirmations', body);
    expect([first.status, again.status, anew.status]).toEqual([200, 200, 410]);
    expect(again.body).toEqual(first.body);
  });

  test('when it set a new password, though its link is used up', async () => {
    await partner(portal, 'bo@broker.example');
    const token = await resetLink(portal, 'bo@broker.example');
    const [first, again, anew] = await threeTimes(portal.client(), 'password-resets', newPassword(token));
    expect([first.status, again.status, anew.status]).toEqual([200, 200, 410]);
    expect(again.body).toEqual(first.body);
    await signedIn(portal, 'bo@broker.example', ANOTHER_PASSWORD);
  });

  test('when its answers were wrong, and they count once', async () => {
    await partner(portal, 'cy@broker.example');
    const token = await resetLink(portal, 'cy@broker.example');
    const wrong = newPassword(token).answers.map(({ questionId }) => ({ questionId, answer: 'nothing' }));
    const body = { ...newPassword(token), answers: wrong };
    const [first, again, anew] = await threeTimes(portal.client(), 'password-resets', body);
    expect([first.status, again.status, anew.status]).toEqual([422, 422, 422]);
    // Three wrong sets kill a link: these were two.
    const right = await portal.client().post('/api/v1/password-resets', newPassword(token));
    expect(right.status).toBe(200);
  });

  test('when it suspended an account, with the revision of then', async () => {
    const officer = await staff(portal, 'specialist');
    const id = await partner(portal, 'di@broker.example');
    const path = `accounts/${id}/suspensions`;
    const first = await officer.post(`/api/v1/${path}`, { reason: 'audit' }, { 'idempotency-key': 'once' });
    await officer.post(`/api/v1/accounts/${id}/suspensions`, { reason: 'b', cause: 'SecurityConcern' });
    const again = await officer.post(`/api/v1/${path}`, { reason: 'audit' }, { 'idempotency-key': 'once' });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
  });
});
