import { projected } from '../support/history.js';
import { MailedPortal } from '../support/mailed-portal.js';
import {
  ANOTHER_PASSWORD,
  answers,
  lockOut,
  partner,
  PASSWORD,
  registration,
  staff,
} from '../support/people.js';
import type { Answer } from '../support/portal-client.js';
import { MINUTE } from '../support/portal.js';

const world = new MailedPortal();
const REGISTER = '/api/v1/registrations';
const CONFIRM = '/api/v1/registrations/confirmations';

/** Everything that a caller can compare, but for the time of day. */
const seen = ({ status, headers, text }: Answer) => {
  const { date: _, ...told } = Object.fromEntries(headers);
  return { status, told, text };
};

const pointers = ({ body }: Answer): string[] =>
  (body.errors as { pointer: string }[]).map(({ pointer }) => pointer).sort();

describe('a stranger', () => {
  it('reads the password rules and the list of questions', async () => {
    const client = world.portal.client();
    const rules = await client.get('/api/v1/password-rules');
    expect(rules.body).toMatchObject({ policy: 'portal-8', lengthMin: 8, lengthMax: 128 });
    const { body } = await client.get('/api/v1/security-questions');
    expect(body.questions.length).toBeGreaterThanOrEqual(10);
    expect(body.questions).toContainEqual({ id: 'first-pet', text: 'What was the name of your first pet?' });
  });

  it('registers with an e-mail address, names, the password twice, and three questions with answers', async () => {
    const answer = await world.portal.client().post(REGISTER, registration('new@broker.example'));
    expect(answer.status).toBe(202);
    expect(answer.body.nextSteps[0]).toMatch(/^Open the mail that we sent to this address/);
    const [mail] = await world.portal.mailTo('new@broker.example');
    expect(mail).toMatchObject({ subject: 'CTPAT Portal: confirm your e-mail address' });
    // Somebody else may have typed the address: what they typed beside it is not carried there.
    expect(mail!.text).not.toContain('Ada');
  });

  it('is told of every mistake in the form at once', async () => {
    const again = { questionId: 'first-pet', answer: 'Barnacle' };
    const answer = await world.portal.client().post(REGISTER, {
      ...registration('mistaken@broker.example'),
      password: 'short',
      passwordAgain: 'shorter',
      securityAnswers: [again, again, { questionId: 'mother-in-law', answer: 'no' }],
    });
    expect(answer.status).toBe(422);
    expect(pointers(answer)).toEqual([
      '/password',
      '/passwordAgain',
      '/securityAnswers/1/answer',
      '/securityAnswers/1/questionId',
      '/securityAnswers/2/answer',
      '/securityAnswers/2/questionId',
    ]);
    const empty = await world.portal.client().post(REGISTER, {});
    expect(pointers(empty)).toEqual([
      '/email',
      '/familyName',
      '/givenName',
      '/password',
      '/passwordAgain',
      '/securityAnswers',
    ]);
    expect(await world.portal.mailTo('mistaken@broker.example')).toEqual([]);
  });

  it('confirms by the mailed link and the password, once', async () => {
    const { portal } = world;
    const client = portal.client();
    await client.post(REGISTER, registration('confirm@broker.example'));
    const token = await portal.mailedToken('confirm@broker.example', 'confirm');
    const wrong = await client.post(CONFIRM, { token, password: ANOTHER_PASSWORD });
    expect([wrong.status, wrong.body.code, pointers(wrong)]).toEqual([422, 'PasswordRefused', ['/password']]);
    expect((await client.signIn('confirm@broker.example', PASSWORD)).status).toBe(401);
    expect((await client.post(CONFIRM, { token, password: PASSWORD })).status).toBe(200);
    expect((await client.post(CONFIRM, { token, password: PASSWORD })).status).toBe(410);
    expect((await client.signIn('confirm@broker.example', PASSWORD)).status).toBe(201);
  });

  it('cannot try passwords at a confirmation link: five wrong ones end the registration', async () => {
    const { portal } = world;
    const client = portal.client();
    await client.post(REGISTER, registration('guess@broker.example'));
    const token = await portal.mailedToken('guess@broker.example', 'confirm');
    for (let guess = 1; guess <= 5; guess += 1) {
      const refused = await client.post(CONFIRM, { token, password: `Guess-number-${guess}` });
      expect(refused.status).toBe(422);
    }
    expect((await client.post(CONFIRM, { token, password: PASSWORD })).status).toBe(410);
  });

  it('learns nothing from registering a taken address, and its owner is mailed that somebody tried', async () => {
    const { portal } = world;
    const client = portal.client();
    await client.post(REGISTER, registration('taken@broker.example'));
    const token = await portal.mailedToken('taken@broker.example', 'confirm');
    await client.post(CONFIRM, { token, password: PASSWORD });
    const mallory = (email: string) =>
      portal.client().post(REGISTER, {
        ...registration(email),
        password: ANOTHER_PASSWORD,
        passwordAgain: ANOTHER_PASSWORD,
      });
    const taken = await mallory('taken@broker.example');
    expect(seen(taken)).toEqual(seen(await mallory('free@broker.example')));
    expect((await portal.mailTo('taken@broker.example')).at(-1)).toMatchObject({
      subject: 'CTPAT Portal: somebody tried to register your e-mail address',
      text: expect.stringContaining('No account was made: you have one already.'),
    });
    expect((await client.signIn('taken@broker.example', ANOTHER_PASSWORD)).status).toBe(401);
    expect((await client.signIn('taken@broker.example', PASSWORD)).status).toBe(201);
  });

  it('who lost the confirmation mail gets the same link again by registering or asking for a reset, minutes later', async () => {
    const { portal } = world;
    const client = portal.client();
    const email = 'impatient@broker.example';
    await client.post(REGISTER, registration(email));
    const token = await portal.mailedToken(email, 'confirm');
    await client.post(REGISTER, registration(email));
    expect(await portal.mailTo(email)).toHaveLength(1);
    portal.clock.advance(6 * MINUTE);
    await client.post(REGISTER, registration(email));
    expect(await portal.mailTo(email)).toHaveLength(2);
    portal.clock.advance(6 * MINUTE);
    await client.post('/api/v1/password-reset-requests', { email });
    expect(await portal.mailTo(email)).toHaveLength(3);
    expect(await portal.mailedToken(email, 'confirm')).toBe(token);
    expect((await client.post(CONFIRM, { token, password: PASSWORD })).status).toBe(200);
  });

  it('cannot register the address of somebody else in advance: who confirms must know the password', async () => {
    const { portal } = world;
    const mallory = portal.client();
    await mallory.post(REGISTER, registration('victim@broker.example'));
    const token = await portal.mailedToken('victim@broker.example', 'confirm');
    // The owner of the mailbox clicks, and types what she would choose.
    const victim = await portal.client().post(CONFIRM, { token, password: ANOTHER_PASSWORD });
    expect(victim.body.code).toBe('PasswordRefused');
    expect((await mallory.signIn('victim@broker.example', PASSWORD)).status).toBe(401);
  });

  it('sees no security question without a live link', async () => {
    const refused = await world.portal.client().post('/api/v1/password-resets', {
      token: 'none.such.link.here',
      answers,
      password: PASSWORD,
      passwordAgain: PASSWORD,
    });
    expect([refused.status, refused.body.code]).toEqual([410, 'LinkDead']);
  });
});

describe('a stranger gets the general answer, and the owner the particulars by mail,', () => {
  const email = (who: string) => `${who}@private.example`;
  const states = ['unknown', 'unconfirmed', 'locked', 'suspended', 'healthy'];
  beforeAll(async () => {
    const { portal } = world;
    await portal.client().post('/api/v1/registrations', registration(email('unconfirmed')));
    for (const who of ['locked', 'suspended', 'healthy']) await partner(portal, email(who));
    await lockOut(portal, email('locked'));
    const officer = await staff(portal, 'specialist', 'private@cbp.example');
    await projected(portal);
    const { body } = await officer.get(`/api/v1/accounts?email=${email('suspended')}`);
    const cause = { reason: 'A theft was reported.', cause: 'SecurityConcern' };
    await officer.post(`/api/v1/accounts/${body.accountId}/suspensions`, cause);
    await portal.settled();
    portal.clock.advance(6 * MINUTE);
  });

  it('when the sign-in is refused', async () => {
    const attempts = await Promise.all(
      states.map((who) => world.portal.client().signIn(email(who), 'not the password')),
    );
    expect(new Set(attempts.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect((await world.portal.mailsTo(email('locked'))).join()).toContain('was locked for 15 minutes');
    expect((await world.portal.mailsTo(email('suspended'))).join()).toContain(
      'was suspended because of a security concern',
    );
  });

  it('when a reset is asked for', async () => {
    const asked = await Promise.all(
      states.map((who) =>
        world.portal.client().post('/api/v1/password-reset-requests', { email: email(who) }),
      ),
    );
    expect(new Set(asked.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    const last = async (who: string) => (await world.portal.mailsTo(email(who))).at(-1);
    expect(await last('unknown')).toBeUndefined();
    expect(await last('unconfirmed')).toContain('https://portal.example/confirm?token=');
    expect(await last('locked')).toContain('because an incorrect password was entered too many times');
    expect(await last('suspended')).toContain('was suspended because of a security concern');
    expect(await last('healthy')).toContain('https://portal.example/reset?token=');
  });

  it('and no reason that an officer wrote leaves the house', async () => {
    const mails = await world.portal.mailsTo(email('suspended'));
    expect(mails.join()).not.toContain('theft');
  });
});
