import { ExpireDeadlinesJob } from '../../src/jobs/expire-deadlines.js';
import { projected, sentences } from '../support/history.js';
import { MailedPortal } from '../support/mailed-portal.js';
import {
  lockOut,
  newPassword,
  partner,
  PASSWORD,
  registration,
  resetLink,
  signedIn,
} from '../support/people.js';
import { HOUR, MINUTE, Portal } from '../support/portal.js';

const world = new MailedPortal();

/** Runs the job on all that has happened. Returns how many accounts it found something due for. */
async function jobRuns(portal = world.portal): Promise<number> {
  await portal.settled();
  await projected(portal);
  const due = await portal.app.get(ExpireDeadlinesJob).run();
  await portal.settled();
  return due;
}

describe('when time has passed, the job', () => {
  it('ends a reset link 24 hours after it was mailed', async () => {
    const { portal } = world;
    await partner(portal, 'link@broker.example');
    const token = await resetLink(portal, 'link@broker.example');
    portal.clock.advance(24 * HOUR - 1);
    expect(await jobRuns()).toBe(0);
    portal.clock.advance(1);
    expect(await jobRuns()).toBe(1);
    const ada = await signedIn(portal, 'link@broker.example');
    const ended = (await sentences(ada)).filter((sentence) =>
      /link to set a new password expired/.test(sentence),
    );
    expect(ended).toHaveLength(1);
    expect((await portal.client().post('/api/v1/password-resets', newPassword(token))).status).toBe(410);
  });

  it('ends a registration that nobody confirmed within 48 hours, which frees its address', async () => {
    const { portal } = world;
    const client = portal.client();
    await client.post('/api/v1/registrations', registration('late@broker.example'));
    const token = await portal.mailedToken('late@broker.example', 'confirm');
    portal.clock.advance(48 * HOUR);
    expect(await jobRuns()).toBe(1);
    const late = await client.post('/api/v1/registrations/confirmations', { token, password: PASSWORD });
    expect([late.status, late.body.code]).toEqual([410, 'LinkDead']);
    await partner(portal, 'late@broker.example');
    await signedIn(portal, 'late@broker.example');
  });

  it('ends a lock whose time is up, and the next one lasts twice as long', async () => {
    const { portal } = world;
    await partner(portal, 'lock@broker.example');
    await lockOut(portal, 'lock@broker.example');
    portal.clock.advance(15 * MINUTE);
    expect(await jobRuns()).toBe(1);
    await lockOut(portal, 'lock@broker.example');
    portal.clock.advance(15 * MINUTE);
    expect(await jobRuns()).toBe(0);
    expect((await portal.client().signIn('lock@broker.example', PASSWORD)).status).toBe(401);
    portal.clock.advance(15 * MINUTE);
    expect(await jobRuns()).toBe(1);
    const ada = await signedIn(portal, 'lock@broker.example');
    expect((await sentences(ada)).filter((sentence) => sentence.includes('lock'))).toEqual([
      'Your account was locked for 15 minutes after 5 wrong passwords.',
      'The lock on your account ended.',
      'Your account was locked for 30 minutes after 5 wrong passwords.',
      'The lock on your account ended.',
    ]);
  });

  it('does nothing more when it runs again, or beside itself', async () => {
    const { portal } = world;
    await partner(portal, 'again@broker.example');
    await lockOut(portal, 'again@broker.example');
    portal.clock.advance(15 * MINUTE);
    await portal.settled();
    await projected(portal);
    const job = portal.app.get(ExpireDeadlinesJob);
    await Promise.all([job.run(), job.run(), job.run()]);
    expect(await jobRuns()).toBe(0);
    const ada = await signedIn(portal, 'again@broker.example');
    const ended = (await sentences(ada)).filter((sentence) => sentence === 'The lock on your account ended.');
    expect(ended).toHaveLength(1);
  });

  it('leaves a lock alone that only an officer ends', async () => {
    const portal = await Portal.open({ LOCKOUT_MINUTES: '0' });
    try {
      await partner(portal, 'officers@broker.example');
      await lockOut(portal, 'officers@broker.example');
      portal.clock.advance(365 * 24 * HOUR);
      expect(await jobRuns(portal)).toBe(0);
      expect((await portal.client().signIn('officers@broker.example', PASSWORD)).status).toBe(401);
      expect((await portal.mailsTo('officers@broker.example')).at(-1)).toContain(
        'Only an officer can unlock it',
      );
    } finally {
      await portal.close();
    }
  });
});

describe('when the job has not run', () => {
  it('time has passed all the same', async () => {
    const { portal } = world;
    await partner(portal, 'nojob@broker.example');
    await lockOut(portal, 'nojob@broker.example');
    portal.clock.advance(15 * MINUTE - 1);
    expect((await portal.client().signIn('nojob@broker.example', PASSWORD)).status).toBe(401);
    portal.clock.advance(1);
    await signedIn(portal, 'nojob@broker.example');
  });
});
