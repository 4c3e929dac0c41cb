import { sentences } from '../support/history.js';
import { MailedPortal } from '../support/mailed-portal.js';
import {
  ANOTHER_PASSWORD,
  answers,
  lockOut,
  newPassword,
  partner,
  PASSWORD,
  resetLink,
  signedIn,
} from '../support/people.js';
import { HOUR, MINUTE } from '../support/portal.js';

const world = new MailedPortal();
const CHANGE = '/api/v1/me/password-changes';
const QUESTIONS = '/api/v1/me/security-question-changes';
const STEP_UP = '/api/v1/sessions/current/step-ups';
const another = { password: ANOTHER_PASSWORD, passwordAgain: ANOTHER_PASSWORD };

describe('a partner', () => {
  it('sees the account', async () => {
    const id = await partner(world.portal, 'sees@broker.example');
    const ada = await signedIn(world.portal, 'sees@broker.example');
    expect((await ada.get('/api/v1/me')).body).toMatchObject({
      accountId: id,
      email: 'sees@broker.example',
      givenName: 'Ada',
      familyName: 'Broker',
      roles: [],
      status: 'active',
      securityQuestionIds: ['first-pet', 'nickname', 'first-ship'],
      pendingContactEmail: null,
      passwordChangeRequired: false,
    });
  });

  it('reads the history in plain language', async () => {
    const { portal } = world;
    await partner(portal, 'reads@broker.example');
    await lockOut(portal, 'reads@broker.example');
    await portal.client().post('/api/v1/password-reset-requests', { email: 'reads@broker.example' });
    portal.clock.advance(16 * MINUTE);
    const token = await resetLink(portal, 'reads@broker.example');
    await portal.client().post('/api/v1/password-resets', newPassword(token));
    const ada = await signedIn(portal, 'reads@broker.example', ANOTHER_PASSWORD);
    expect(await sentences(ada)).toEqual([
      'You registered.',
      'You confirmed your e-mail address.',
      'A sign-in with a wrong password failed (1 in a row).',
      'A sign-in with a wrong password failed (2 in a row).',
      'A sign-in with a wrong password failed (3 in a row).',
      'A sign-in with a wrong password failed (4 in a row).',
      'A sign-in with a wrong password failed (5 in a row).',
      'Your account was locked for 15 minutes after 5 wrong passwords.',
      'A password reset was asked for and declined, because your account was locked.',
      'The lock on your account ended.',
      'A password reset was asked for.',
      'A link to set a new password was mailed to you.',
      'Your password was reset by the mailed link, which ended all your sessions.',
      'You signed in.',
    ]);
  });

  it('reads the history page by page, newest first', async () => {
    await partner(world.portal, 'pages@broker.example');
    for (let time = 1; time <= 4; time += 1) await signedIn(world.portal, 'pages@broker.example');
    const ada = await signedIn(world.portal, 'pages@broker.example');
    const pages: string[][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const at: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await ada.get(`/api/v1/me/history?limit=3${at}`);
      pages.push(body.entries.map(({ sentence }: { sentence: string }) => sentence));
      cursor = body.next;
    }
    const signIn = 'You signed in.';
    expect(pages.filter((page) => page.length > 0)).toEqual([
      [signIn, signIn, signIn],
      [signIn, signIn, 'You confirmed your e-mail address.'],
      ['You registered.'],
    ]);
  });

  it('sees where the account is signed in, and signs out one, or this one, or all', async () => {
    const { portal } = world;
    await partner(portal, 'out@broker.example');
    const [desk, phone, hotel] = [
      await signedIn(portal, 'out@broker.example'),
      await signedIn(portal, 'out@broker.example'),
      await signedIn(portal, 'out@broker.example'),
    ];
    const { body } = await desk.get('/api/v1/me/sessions');
    expect(body.sessions.map(({ current }: { current: boolean }) => current)).toEqual([true, false, false]);
    const hotelId = body.sessions[2].sessionId as string;
    expect((await desk.delete(`/api/v1/me/sessions/${hotelId}`)).status).toBe(204);
    expect((await hotel.get('/api/v1/me')).status).toBe(401);
    const again = await desk.delete(`/api/v1/me/sessions/${hotelId}`);
    expect([again.status, again.body.code]).toEqual([404, 'SessionUnknown']);
    expect((await phone.delete('/api/v1/sessions/current')).status).toBe(204);
    expect((await phone.get('/api/v1/me')).status).toBe(401);
    const tablet = await signedIn(portal, 'out@broker.example');
    expect((await desk.delete('/api/v1/me/sessions')).status).toBe(204);
    for (const gone of [desk, tablet]) expect((await gone.get('/api/v1/me')).status).toBe(401);
  });

  it('sees no session that nobody has used for an hour: it is over', async () => {
    const { portal } = world;
    await partner(portal, 'idle@broker.example');
    const forgotten = await signedIn(portal, 'idle@broker.example');
    portal.clock.advance(HOUR - 1);
    const here = await signedIn(portal, 'idle@broker.example');
    expect((await here.get('/api/v1/me/sessions')).body.sessions).toHaveLength(2);
    portal.clock.advance(1);
    expect((await here.get('/api/v1/me/sessions')).body.sessions).toHaveLength(1);
    expect((await forgotten.get('/api/v1/me')).status).toBe(401);
  });

  it('cannot end the session of somebody else', async () => {
    const { portal } = world;
    await partner(portal, 'mine@broker.example');
    await partner(portal, 'theirs@broker.example');
    const mine = await signedIn(portal, 'mine@broker.example');
    const theirs = await signedIn(portal, 'theirs@broker.example');
    const id = (await theirs.get('/api/v1/me/sessions')).body.sessions[0].sessionId as string;
    expect((await mine.delete(`/api/v1/me/sessions/${id}`)).status).toBe(404);
    expect((await theirs.get('/api/v1/me')).status).toBe(200);
  });

  it('changes the password, which ends the other sessions', async () => {
    const { portal } = world;
    await partner(portal, 'change@broker.example');
    const here = await signedIn(portal, 'change@broker.example');
    const elsewhere = await signedIn(portal, 'change@broker.example');
    expect((await here.post(CHANGE, another)).status).toBe(204);
    expect((await elsewhere.get('/api/v1/me')).status).toBe(401);
    expect((await here.get('/api/v1/me')).status).toBe(200);
    expect((await portal.client().signIn('change@broker.example', PASSWORD)).status).toBe(401);
    await signedIn(portal, 'change@broker.example', ANOTHER_PASSWORD);
    const mail = (await portal.mailTo('change@broker.example')).at(-1)!;
    expect(mail.subject).toBe('CTPAT Portal: your password was changed');
    expect(mail.text).toContain('If it was not you, somebody else may know your password.');
  });

  it('gives the password again before changing what guards the account, once five minutes have passed', async () => {
    const { portal } = world;
    await partner(portal, 'fresh@broker.example');
    const ada = await signedIn(portal, 'fresh@broker.example');
    portal.clock.advance(5 * MINUTE + 1);
    for (const [path, change] of [
      [CHANGE, another],
      [QUESTIONS, { securityAnswers: answers }],
      ['/api/v1/me/contact-email-changes', { email: 'fresh@new.example' }],
    ] as const) {
      const refused = await ada.post(path, change);
      expect([refused.status, refused.body.code]).toEqual([403, 'StepUpRequired']);
    }
    const wrong = await ada.post(STEP_UP, { password: ANOTHER_PASSWORD });
    expect([wrong.status, wrong.body.code]).toEqual([422, 'PasswordRefused']);
    expect((await ada.post(CHANGE, another)).status).toBe(403);
    expect((await ada.post(STEP_UP, { password: PASSWORD })).status).toBe(204);
    expect((await ada.post(CHANGE, another)).status).toBe(204);
  });

  it('who types five wrong passwords in a session locks the account, and the session stays shut meanwhile', async () => {
    const { portal } = world;
    await partner(portal, 'borrowed@broker.example');
    const borrowed = await signedIn(portal, 'borrowed@broker.example');
    for (let guess = 1; guess <= 5; guess += 1) {
      expect((await borrowed.post(STEP_UP, { password: `Guess-number-${guess}` })).status).toBe(422);
    }
    const refused = await borrowed.get('/api/v1/me');
    expect([refused.status, refused.body.title]).toEqual([403, 'Your account is locked at present.']);
    expect(refused.body.nextSteps.join()).toContain('Supply Chain Security Specialist');
  });

  it('changes the questions, which are the ones asked from then on', async () => {
    const { portal } = world;
    await partner(portal, 'questions@broker.example');
    const live = await resetLink(portal, 'questions@broker.example');
    const ada = await signedIn(portal, 'questions@broker.example');
    const securityAnswers = [
      answers[0],
      { questionId: 'first-vehicle', answer: 'a red Volvo' },
      { questionId: 'first-concert', answer: 'Stan Rogers' },
    ];
    const twice = { securityAnswers: [answers[0], answers[0], answers[1]] };
    expect((await ada.post(QUESTIONS, twice)).status).toBe(422);
    expect((await ada.post(QUESTIONS, { securityAnswers })).status).toBe(204);
    // A link that was out before must not open by the former answers.
    expect((await portal.client().post('/api/v1/password-resets', newPassword(live))).status).toBe(410);
    const token = await resetLink(portal, 'questions@broker.example');
    const { body } = await portal.client().post('/api/v1/password-resets/questions', { token });
    expect(body.questions.map(({ id }: { id: string }) => id)).toEqual([
      'first-pet',
      'first-vehicle',
      'first-concert',
    ]);
    const reset = { ...newPassword(token), answers: securityAnswers };
    expect((await portal.client().post('/api/v1/password-resets', reset)).status).toBe(200);
    const subjects = (await portal.mailTo('questions@broker.example')).map(({ subject }) => subject);
    expect(subjects).toContain('CTPAT Portal: your security questions were changed');
  });
});
