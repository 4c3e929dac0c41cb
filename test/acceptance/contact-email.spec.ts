import { ExpireDeadlinesJob } from '../../src/jobs/expire-deadlines.js';
import { MailedPortal } from '../support/mailed-portal.js';
import {
  ANOTHER_PASSWORD,
  newPassword,
  partner,
  PASSWORD,
  registration,
  resetLink,
  signedIn,
} from '../support/people.js';
import { DAY, HOUR } from '../support/portal.js';
import { projected } from '../support/history.js';

const world = new MailedPortal();
const CHANGE = '/api/v1/me/contact-email-changes';
const CONFIRM = '/api/v1/contact-email-confirmations';
const NOT_ME = '/api/v1/repudiations';

/** Asks for the new address and confirms it. Returns the session in which that was done. */
async function moved(from: string, to: string) {
  await partner(world.portal, from);
  const session = await signedIn(world.portal, from);
  expect((await session.post(CHANGE, { email: to })).status).toBe(202);
  const token = await world.portal.mailedToken(to, 'confirm-email');
  expect((await world.portal.client().post(CONFIRM, { token })).status).toBe(200);
  return session;
}

const mayEnter = async (email: string, password = PASSWORD) =>
  (await world.portal.client().signIn(email, password)).status === 201;

describe('a partner who changes the contact e-mail address', () => {
  it('goes by the former one until the new one has confirmed', async () => {
    const { portal } = world;
    await partner(portal, 'slow@old.example');
    const ada = await signedIn(portal, 'slow@old.example');
    await ada.post(CHANGE, { email: 'slow@new.example' });
    const { body } = await ada.get('/api/v1/me');
    expect(body).toMatchObject({
      email: 'slow@old.example',
      pendingContactEmail: { email: 'slow@new.example' },
    });
    expect([await mayEnter('slow@old.example'), await mayEnter('slow@new.example')]).toEqual([true, false]);
    const token = await portal.mailedToken('slow@new.example', 'confirm-email');
    portal.clock.advance(48 * HOUR);
    expect((await portal.client().post(CONFIRM, { token })).status).toBe(410);
    expect([await mayEnter('slow@old.example'), await mayEnter('slow@new.example')]).toEqual([true, false]);
  });

  it('signs in with the new one from then on: it is the user name', async () => {
    await moved('move@old.example', 'move@new.example');
    expect([await mayEnter('move@old.example'), await mayEnter('move@new.example')]).toEqual([false, true]);
    const toNew = (await world.portal.mailsTo('move@new.example')).at(-1);
    expect(toNew).toContain('It is your user name from now on');
    const before = (await world.portal.mailTo('move@old.example')).length;
    await world.portal.client().post('/api/v1/password-reset-requests', { email: 'move@old.example' });
    expect(await world.portal.mailTo('move@old.example')).toHaveLength(before);
  });

  it('is warned at the former address, where “This wasn’t me” restores it and ends sessions', async () => {
    const { portal } = world;
    const thief = await moved('robbed@old.example', 'robbed@thief.example');
    const [warning, changed] = (await portal.mailTo('robbed@old.example')).slice(-2);
    expect(warning!.subject).toBe('CTPAT Portal: a change of your contact e-mail address was asked for');
    expect(changed!.text).toMatch(/If it was not you, click on this link at once[^]*This wasn’t me:/);
    const token = await portal.mailedToken('robbed@old.example', 'not-me');
    const answer = await portal.client().post(NOT_ME, { token });
    expect(answer.status).toBe(200);
    expect((await thief.get('/api/v1/me')).status).toBe(401);
    expect(await mayEnter('robbed@thief.example')).toBe(false);
    // The thief knew the password, so that it no longer counts: the owner sets another one by mail.
    expect(await mayEnter('robbed@old.example')).toBe(false);
    expect((await portal.mailsTo('robbed@old.example')).at(-1)).toContain(
      'Whoever asked for the change knew your password, so we disabled it.',
    );
    const reset = newPassword(await resetLink(portal, 'robbed@old.example'));
    expect((await portal.client().post('/api/v1/password-resets', reset)).status).toBe(200);
    expect(await mayEnter('robbed@old.example', ANOTHER_PASSWORD)).toBe(true);
    expect((await portal.client().post(NOT_ME, { token })).status).toBe(410);
  });

  it('stops a change that is only asked for with the same words', async () => {
    const { portal } = world;
    await partner(portal, 'warned@old.example');
    const thief = await signedIn(portal, 'warned@old.example');
    await thief.post(CHANGE, { email: 'warned@thief.example' });
    const confirmation = await portal.mailedToken('warned@thief.example', 'confirm-email');
    const token = await portal.mailedToken('warned@old.example', 'not-me');
    expect((await portal.client().post(NOT_ME, { token })).status).toBe(200);
    expect((await thief.get('/api/v1/me')).status).toBe(401);
    expect((await portal.client().post(CONFIRM, { token: confirmation })).status).toBe(410);
  });

  it('keeps the former address for seven days; then it is free, and nothing restores it', async () => {
    const { portal } = world;
    await moved('kept@old.example', 'kept@new.example');
    const notMe = await portal.mailedToken('kept@old.example', 'not-me');
    const before = (await portal.mailTo('kept@old.example')).length;
    portal.clock.advance(7 * DAY - 1);
    const client = portal.client();
    expect((await client.post('/api/v1/registrations', registration('kept@old.example'))).status).toBe(202);
    expect(await portal.mailTo('kept@old.example')).toHaveLength(before);
    portal.clock.advance(1);
    await projected(portal);
    await portal.app.get(ExpireDeadlinesJob).run();
    await portal.settled();
    expect((await client.post(NOT_ME, { token: notMe })).status).toBe(410);
    await partner(portal, 'kept@old.example');
    expect([await mayEnter('kept@old.example'), await mayEnter('kept@new.example')]).toEqual([true, true]);
  });

  it('learns nothing about an address that somebody else has, whose owner is told', async () => {
    const { portal } = world;
    await partner(portal, 'owner@taken.example');
    await partner(portal, 'curious@old.example');
    const curious = await signedIn(portal, 'curious@old.example');
    const free = await curious.post(CHANGE, { email: 'curious@free.example' });
    const taken = await curious.post(CHANGE, { email: 'owner@taken.example' });
    expect([taken.status, taken.body]).toEqual([free.status, free.body]);
    expect((await curious.get('/api/v1/me')).body.pendingContactEmail.email).toBe('owner@taken.example');
    expect((await portal.mailTo('owner@taken.example')).at(-1)!.subject).toBe(
      'CTPAT Portal: somebody tried to register your e-mail address',
    );
  });

  it('is told when the address is the present one', async () => {
    await partner(world.portal, 'same@old.example');
    const ada = await signedIn(world.portal, 'same@old.example');
    const refused = await ada.post(CHANGE, { email: 'Same@OLD.example' });
    expect([refused.status, refused.body.title]).toEqual([
      409,
      'This is your contact e-mail address already.',
    ]);
  });
});
