import { EventStore, StoreUnavailable } from '../../src/ports.js';
import { MailedPortal } from '../support/mailed-portal.js';
import {
  answers,
  newPassword,
  partner,
  PASSWORD,
  registration,
  resetLink,
  signedIn,
  staff,
} from '../support/people.js';
import { MINUTE, Portal } from '../support/portal.js';
import type { Answer } from '../support/portal-client.js';

const world = new MailedPortal();

const checkUserName =
  'Check that your user name is correct: it is the e-mail address you entered as your contact information.';
const forgot = 'If you forgot your password, use “Forgot your password?” on the sign-in page.';
const contactOfficer =
  'If your account seems locked, contact your Supply Chain Security Specialist or management at the field office assigned to your account.';
const stillStuck =
  'If that does not help, contact your Supply Chain Security Specialist or management at the field office assigned to your account.';
const refresh = 'Refresh your browser. If that does not help, close it, clear your cache, and try again.';

/** What a person reads in a refusal. */
const told = ({ status, body }: Answer) => ({
  status,
  code: body.code as string,
  steps: body.nextSteps as string[],
});

describe('a refusal tells what to do next, in the words of the help pages:', () => {
  it('a sign-in that failed', async () => {
    const refused = await world.portal.client().signIn('nobody@broker.example', PASSWORD);
    expect(told(refused)).toEqual({
      status: 401,
      code: 'SignInRefused',
      steps: [checkUserName, forgot, contactOfficer],
    });
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
  });

  it('a link that is dead', async () => {
    const { portal } = world;
    await partner(portal, 'dead@broker.example');
    const token = await resetLink(portal, 'dead@broker.example');
    await portal.client().post('/api/v1/password-resets', newPassword(token));
    const refused = await portal.client().post('/api/v1/password-resets', newPassword(token));
    const dead = {
      status: 410,
      code: 'LinkDead',
      steps: [
        'Ask for a new link with “Forgot your password?” on the sign-in page.',
        'If you were registering more than 48 hours ago, register again.',
        checkUserName,
        stillStuck,
      ],
    };
    expect(told(refused)).toEqual(dead);
    for (const path of ['registrations/confirmations', 'contact-email-confirmations', 'repudiations']) {
      const body = path.includes('registrations') ? { token, password: PASSWORD } : { token };
      const other = await portal.client().post(`/api/v1/${path}`, body);
      expect(told(other)).toEqual(dead);
    }
  });

  it('answers that do not match', async () => {
    const { portal } = world;
    await partner(portal, 'answers@broker.example');
    const token = await resetLink(portal, 'answers@broker.example');
    const wrong = answers.map(({ questionId }) => ({ questionId, answer: 'a guess' }));
    const refused = await portal
      .client()
      .post('/api/v1/password-resets', { ...newPassword(token), answers: wrong });
    expect(told(refused)).toEqual({
      status: 422,
      code: 'AnswersRefused',
      steps: ['Answer all three questions again. After three wrong sets the link is dead.', stillStuck],
    });
  });

  it('a session that is over', async () => {
    const { portal } = world;
    await partner(portal, 'idle@broker.example');
    const idle = await signedIn(portal, 'idle@broker.example');
    portal.clock.advance(60 * MINUTE);
    const refused = await idle.get('/api/v1/me');
    expect(told(refused)).toEqual({ status: 401, code: 'NotSignedIn', steps: ['Sign in and try again.'] });
  });

  it('a request that the caller’s role does not allow', async () => {
    const duty = await staff(world.portal, 'dutyOfficer');
    const id = await partner(world.portal, 'role@broker.example');
    const refused = await duty.post(`/api/v1/accounts/${id}/unlocks`, { reason: 'Asked nicely.' });
    expect(told(refused)).toEqual({
      status: 403,
      code: 'Forbidden',
      steps: ['Ask an officer whose role allows it.'],
    });
  });

  it('a rule that stands against what an officer asks', async () => {
    const officer = await staff(world.portal, 'specialist');
    const id = await partner(world.portal, 'rule@broker.example');
    const reason = 'Called.';
    for (const [act, title] of [
      ['unlocks', 'This account is not locked.'],
      ['reinstatements', 'This account is not suspended for this cause.'],
      ['recovery-unblocks', 'Password recovery is not blocked for this account.'],
    ] as const) {
      const refused = await officer.post(`/api/v1/accounts/${id}/${act}`, { reason });
      expect([refused.status, refused.body.title]).toEqual([409, title]);
      expect(told(refused).steps.join()).toContain('GET /api/v1/accounts/{id}');
    }
  });

  it('a rule that stands against what a partner asks', async () => {
    const { portal } = world;
    await partner(portal, 'mover-0@broker.example');
    const ada = await signedIn(portal, 'mover-0@broker.example');
    const change = (email: string) => ada.post('/api/v1/me/contact-email-changes', { email });
    expect(told(await change('mover-0@broker.example')).steps).toEqual([
      'Type the new address, or leave it as it is.',
    ]);
    for (let move = 1; move <= 5; move += 1) {
      await change(`mover-${move}@broker.example`);
      const token = await portal.mailedToken(`mover-${move}@broker.example`, 'confirm-email');
      await portal.client().post('/api/v1/contact-email-confirmations', { token });
    }
    expect(told(await change('mover-6@broker.example'))).toEqual({
      status: 409,
      code: 'TooManyEmailChanges',
      steps: ['Wait until seven days have passed since one of these changes.', stillStuck],
    });
  });

  it('too many attempts from one network', async () => {
    const portal = await Portal.open({ CLIENT_FAILURES_MAX: '3', CLIENT_REQUESTS_MAX: '2' });
    try {
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        await portal.client().signIn(`nobody-${attempt}@broker.example`, PASSWORD);
      }
      const refused = [await portal.client().signIn('somebody@broker.example', PASSWORD)];
      for (let request = 1; request <= 3; request += 1) {
        const answer = await portal
          .client()
          .post('/api/v1/registrations', registration(`n${request}@broker.example`));
        if (request === 3) refused.push(answer);
        else expect(answer.status).toBe(202);
      }
      for (const answer of refused) {
        expect(told(answer)).toEqual({
          status: 429,
          code: 'TooManyRequests',
          steps: ['Wait, then try again.', checkUserName],
        });
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
    } finally {
      await portal.close();
    }
  });

  it('a store that is away', async () => {
    const portal = await Portal.open();
    await partner(portal, 'away@broker.example');
    const ada = await signedIn(portal, 'away@broker.example');
    await portal.settled();
    const log = portal.app.get(EventStore);
    const append = log.append.bind(log);
    try {
      log.append = () => Promise.reject(new StoreUnavailable('away'));
      const away = await ada.delete('/api/v1/me/sessions');
      expect(told(away)).toEqual({ status: 503, code: 'StoreUnavailable', steps: [refresh] });
      expect(away.headers.get('retry-after')).toBe('2');
      // The session is still there, as promised: nothing was changed.
      expect((await ada.get('/api/v1/me')).status).toBe(200);
    } finally {
      log.append = append;
      await portal.close();
    }
  });

  it('a request that cannot be read', async () => {
    const client = world.portal.client();
    const json = { 'content-type': 'application/json' };
    for (const [answer, status, code] of [
      [await client.post('/api/v1/sessions', '{"email":', json), 400, 'MalformedBody'],
      [
        await client.post('/api/v1/sessions', 'a=b', { 'content-type': 'text/plain' }),
        415,
        'UnsupportedMediaType',
      ],
      [await client.post('/api/v1/registrations', { email: 'a'.repeat(70_000) }), 413, 'BodyTooLarge'],
      [await client.get('/api/v1/nothing'), 404, 'NotFound'],
    ] as const) {
      expect(told(answer)).toEqual({ status, code, steps: [expect.any(String)] });
    }
  });
});
