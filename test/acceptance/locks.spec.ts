import { MailedPortal } from '../support/mailed-portal.js';
import {
  ANOTHER_PASSWORD,
  lockOut,
  newPassword,
  partner,
  PASSWORD,
  resetLink,
  signedIn,
  staff,
} from '../support/people.js';
import { DAY, MINUTE } from '../support/portal.js';

const world = new MailedPortal();
const tries = (email: string, password: string) => world.portal.client().signIn(email, password);

describe('an account with wrong passwords', () => {
  it('opens to the right one after four of them', async () => {
    await partner(world.portal, 'four@broker.example');
    for (let guess = 1; guess <= 4; guess += 1) await tries('four@broker.example', `Guess-number-${guess}`);
    expect((await tries('four@broker.example', PASSWORD)).status).toBe(201);
    // A success begins the count again.
    for (let guess = 1; guess <= 4; guess += 1) await tries('four@broker.example', `Guess-number-${guess}`);
    expect((await tries('four@broker.example', PASSWORD)).status).toBe(201);
  });

  it('is locked for 15 minutes after five, and guesses meanwhile prolong nothing and mail nothing', async () => {
    const { portal } = world;
    await partner(portal, 'five@broker.example');
    await lockOut(portal, 'five@broker.example');
    const mails = await portal.mailTo('five@broker.example');
    expect(mails.at(-1)).toMatchObject({
      subject: 'CTPAT Portal: your account was locked',
      text: expect.stringContaining('was locked for 15 minutes after 5 incorrect passwords in a row.'),
    });
    portal.clock.advance(14 * MINUTE);
    for (let guess = 1; guess <= 20; guess += 1) await tries('five@broker.example', `Guess-number-${guess}`);
    expect((await tries('five@broker.example', PASSWORD)).status).toBe(401);
    portal.clock.advance(MINUTE);
    expect((await tries('five@broker.example', PASSWORD)).status).toBe(201);
    expect(await portal.mailTo('five@broker.example')).toEqual(mails);
  });

  it('keeps out whoever is signed in while it is locked, and lets them go on afterwards', async () => {
    const { portal } = world;
    await partner(portal, 'inside@broker.example');
    const inside = await signedIn(portal, 'inside@broker.example');
    await lockOut(portal, 'inside@broker.example');
    const refused = await inside.get('/api/v1/me');
    expect([refused.status, refused.body.code]).toEqual([403, 'AccountShut']);
    portal.clock.advance(15 * MINUTE);
    expect((await inside.get('/api/v1/me')).status).toBe(200);
  });

  it('loses its password after 100 since the last success, until an officer unlocks it and its owner resets it', async () => {
    const { portal } = world;
    const email = 'hundred@broker.example';
    const id = await partner(portal, email);
    for (let round = 1; round <= 20; round += 1) {
      await lockOut(portal, email);
      portal.clock.advance(DAY);
    }
    expect((await tries(email, PASSWORD)).status).toBe(401);
    expect((await portal.mailsTo(email)).at(-1)).toContain(
      'your account was locked and its password disabled',
    );
    const officer = await staff(portal, 'specialist');
    const reason = 'Called, and answered what only she knows.';
    expect((await officer.post(`/api/v1/accounts/${id}/unlocks`, { reason })).status).toBe(201);
    expect((await tries(email, PASSWORD)).status).toBe(401);
    expect((await portal.mailsTo(email)).at(-1)).toContain('Your password is disabled. You need a new one');
    const token = await resetLink(portal, email);
    expect((await portal.client().post('/api/v1/password-resets', newPassword(token))).status).toBe(200);
    expect((await tries(email, ANOTHER_PASSWORD)).status).toBe(201);
  });
});
