import { MailedPortal } from '../support/mailed-portal.js';
import {
  ANOTHER_PASSWORD,
  answers,
  newPassword,
  partner,
  PASSWORD,
  resetLink,
  signedIn,
} from '../support/people.js';
import { HOUR, MINUTE } from '../support/portal.js';

const world = new MailedPortal();
const ASK = '/api/v1/password-reset-requests';
const QUESTIONS = '/api/v1/password-resets/questions';
const RESET = '/api/v1/password-resets';

describe('How to reset your password:', () => {
  it('Click on the “Forgot your password?” link below the “Submit” button.', async () => {
    await partner(world.portal, 'forgot@broker.example');
    const client = world.portal.client();
    const refused = await client.signIn('forgot@broker.example', 'not the password');
    expect(refused.body.nextSteps.join()).toContain('“Forgot your password?” on the sign-in page');
    // What the link leads to is open to whoever could not sign in.
    expect((await client.post(ASK, { email: 'forgot@broker.example' })).status).toBe(202);
  });

  it('In the block for “User Email,” type in the e‐mail address exactly as you typed it when you originally accessed the CTPAT Portal.', async () => {
    const { portal } = world;
    await partner(portal, 'Mary.Ann@broker.example');
    const mailsBefore = (await portal.mailTo('Mary.Ann@broker.example')).length;
    await portal.client().post(ASK, { email: 'mary-ann@broker.example' });
    expect(await portal.mailTo('Mary.Ann@broker.example')).toHaveLength(mailsBefore);
    expect(await portal.mailTo('mary-ann@broker.example')).toEqual([]);
    await portal.client().post(ASK, { email: 'Mary.Ann@broker.example' });
    const mails = await portal.mailTo('Mary.Ann@broker.example');
    expect(mails.at(-1)!.subject).toBe('CTPAT Portal: set a new password');
  });

  it('Click “Submit”.', async () => {
    await partner(world.portal, 'click@broker.example');
    const empty = await world.portal.client().post(ASK, {});
    expect(empty.body.errors).toEqual([
      { pointer: '/email', detail: expect.stringMatching(/^must be an e-mail/) },
    ]);
    const answer = await world.portal.client().post(ASK, { email: 'click@broker.example' });
    expect(answer.status).toBe(202);
    expect((await world.portal.mailTo('click@broker.example')).at(-1)!.subject).toMatch(/set a new password/);
  });

  it('You will be redirected back to the CTPAT login screen.', async () => {
    await partner(world.portal, 'back@broker.example');
    const client = world.portal.client();
    const answer = await client.post(ASK, { email: 'back@broker.example' });
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.body).not.toHaveProperty('token');
    // Having asked shuts no door: one who remembers the password signs in as before.
    await signedIn(world.portal, 'back@broker.example');
  });

  it('You will receive an email within 24 hours with an active link to set a new password.', async () => {
    const { portal } = world;
    await partner(portal, 'active@broker.example');
    const token = await resetLink(portal, 'active@broker.example');
    portal.clock.advance(24 * HOUR - 1);
    expect((await portal.client().post(QUESTIONS, { token })).status).toBe(200);
    portal.clock.advance(1);
    const dead = await portal.client().post(QUESTIONS, { token });
    expect([dead.status, dead.body.code]).toEqual([410, 'LinkDead']);
    expect((await portal.client().post(RESET, newPassword(token))).status).toBe(410);
    await signedIn(portal, 'active@broker.example');
  });

  it('Click on the link provided in the email and follow the instructions to create a new password.', async () => {
    const { portal } = world;
    await partner(portal, 'follow@broker.example');
    const before = await signedIn(portal, 'follow@broker.example');
    const token = await resetLink(portal, 'follow@broker.example');
    const mail = (await portal.mailsTo('follow@broker.example')).at(-1)!;
    expect(mail).toContain('1. Click on the link below and follow the instructions.');
    expect(mail).toContain('2. Enter the answers to your three security questions.');
    expect(mail).toContain('3. Enter the new password twice.');
    const done = await portal.client().post(RESET, newPassword(token));
    expect([done.status, done.body.nextSteps]).toEqual([
      200,
      ['Sign in with your new password. All sessions were ended.'],
    ]);
    expect((await before.get('/api/v1/me')).status).toBe(401);
    expect((await portal.client().signIn('follow@broker.example', PASSWORD)).status).toBe(401);
    await signedIn(portal, 'follow@broker.example', ANOTHER_PASSWORD);
    expect((await portal.client().post(RESET, newPassword(token))).status).toBe(410);
    expect((await portal.mailsTo('follow@broker.example')).at(-1)).toContain('a new password was set');
  });

  it('You will be asked the answers to three security questions before setting your new password.', async () => {
    const { portal } = world;
    await partner(portal, 'asked@broker.example');
    const token = await resetLink(portal, 'asked@broker.example');
    const client = portal.client();
    const { body } = await client.post(QUESTIONS, { token });
    expect(body.questions.map(({ id }: { id: string }) => id)).toEqual(
      answers.map(({ questionId }) => questionId),
    );
    expect((await client.post(QUESTIONS, { token: `${token}x` })).status).toBe(410);
    const oneWrong = [answers[0], answers[1], { ...answers[2], answer: 'Titanic' }];
    for (const wrong of [oneWrong, [...oneWrong].reverse()]) {
      const refused = await client.post(RESET, { ...newPassword(token), answers: wrong });
      expect([refused.status, refused.body.errors]).toEqual([
        422,
        [{ pointer: '/answers', detail: 'do not match' }],
      ]);
    }
    // As people type them on another day.
    const typed = answers.map(({ questionId, answer }) => ({
      questionId,
      answer: ` ${answer.toUpperCase()} `,
    }));
    const done = await client.post(RESET, { ...newPassword(token), answers: typed.reverse() });
    expect(done.status).toBe(200);
  });

  it('Follow the password requirements displayed on the screen.', async () => {
    const { portal } = world;
    await partner(portal, 'rules@broker.example');
    const token = await resetLink(portal, 'rules@broker.example');
    const client = portal.client();
    const { body: shown } = await client.post(QUESTIONS, { token });
    expect(shown.passwordRules).toEqual((await client.get('/api/v1/password-rules')).body);
    expect(shown.passwordRules.rules).toHaveLength(4);
    for (const [password, detail] of [
      ['Tug-42', 'must have at least 8 characters'],
      ['T'.repeat(129), 'must be text of 1 to 128 characters'],
      ['password1', 'is commonly used or easily guessed: choose another one'],
      ['rules@broker.example', 'must not be your e-mail address or your name'],
    ] as const) {
      const refused = await client.post(RESET, newPassword(token, password));
      expect(refused.status).toBe(422);
      const details = refused.body.errors.map((error: { detail: string }) => error.detail);
      expect(details).toContainEqual(expect.stringContaining(detail));
    }
    // None of these has cost the link.
    expect((await client.post(RESET, newPassword(token))).status).toBe(200);
  });
});

describe('How to reset your password, as the older page has it:', () => {
  it('Click “Reset” only once – the process may take a few minutes.', async () => {
    const { portal } = world;
    await partner(portal, 'once@broker.example');
    const before = (await portal.mailTo('once@broker.example')).length;
    for (let click = 1; click <= 10; click += 1) {
      expect((await portal.client().post(ASK, { email: 'once@broker.example' })).status).toBe(202);
      portal.clock.advance(MINUTE / 4);
    }
    const mails = (await portal.mailsTo('once@broker.example')).slice(before);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toContain('only once');
  });

  it('Clicking the “Reset” button will result in multiple resets, which can be confusing.', async () => {
    const { portal } = world;
    await partner(portal, 'multiple@broker.example');
    const first = await resetLink(portal, 'multiple@broker.example');
    portal.clock.advance(10 * MINUTE);
    const second = await resetLink(portal, 'multiple@broker.example');
    // Here it does not: the second mail has the same link, and using it once is the end of it.
    expect(await portal.mailTo('multiple@broker.example')).toHaveLength(3);
    expect(second).toBe(first);
    expect((await portal.client().post(RESET, newPassword(first))).status).toBe(200);
    expect((await portal.client().post(RESET, newPassword(second))).status).toBe(410);
  });

  it('Wait at that screen until you see an acknowledgement that an email will be sent with the temporary password.', async () => {
    const { portal } = world;
    await partner(portal, 'wait@broker.example');
    const known = await portal.client().post(ASK, { email: 'wait@broker.example' });
    expect(known.body.nextSteps[0]).toMatch(/^Wait for the mail: if this address has an account, it comes/);
    expect((await portal.client().post(ASK, { email: 'unheard-of@broker.example' })).body).toEqual(
      known.body,
    );
    // A link in place of a temporary password, which would stay readable in the mailbox.
    const mail = (await portal.mailsTo('wait@broker.example')).at(-1)!;
    expect(mail).toContain('https://portal.example/reset?token=');
    expect(mail).not.toMatch(/temporary|your (new )?password is/i);
  });

  it('Wait for the email; you should receive it within one hour.', async () => {
    const { portal } = world;
    await partner(portal, 'hour@broker.example');
    const askedAt = portal.clock.now();
    await resetLink(portal, 'hour@broker.example');
    // The clock stands unless a test moves it: what came, came at once.
    expect(portal.clock.now() - askedAt).toBeLessThan(HOUR);
  });

  it('You will be asked to type this new password twice.', async () => {
    const { portal } = world;
    await partner(portal, 'twice@broker.example');
    const form = newPassword(await resetLink(portal, 'twice@broker.example'));
    const { passwordAgain: _, ...once } = form;
    for (const [input, detail] of [
      [once, /^must be/],
      [{ ...form, passwordAgain: `${form.password}!` }, /^must be the same password again$/],
    ] as const) {
      const refused = await portal.client().post(RESET, input);
      expect(refused.body.errors).toEqual([
        { pointer: '/passwordAgain', detail: expect.stringMatching(detail) },
      ]);
    }
    expect((await portal.client().post(RESET, form)).status).toBe(200);
  });

  it('Make sure your new password is at least 8 alphanumeric characters long.', async () => {
    const { portal } = world;
    await partner(portal, 'eight@broker.example');
    const token = await resetLink(portal, 'eight@broker.example');
    const short = await portal.client().post(RESET, newPassword(token, 'q7Wm2xZ'));
    expect(short.body.errors).toEqual([{ pointer: '/password', detail: 'must have at least 8 characters' }]);
    expect((await portal.client().post(RESET, newPassword(token, 'q7Wm2xZk'))).status).toBe(200);
    await signedIn(portal, 'eight@broker.example', 'q7Wm2xZk');
  });
});
