import { projected } from '../support/history.js';
import { ANOTHER_PASSWORD, answers, partner, PASSWORD, signedIn, staff } from '../support/people.js';
import { MINUTE, Portal } from '../support/portal.js';

describe('the life of one account', () => {
  let portal: Portal;
  beforeAll(async () => {
    portal = await Portal.open();
  });
  afterAll(() => portal.close());

  it('registers, confirms, signs in and reads its history', async () => {
    await partner(portal, 'ada@broker.example');
    const ada = await signedIn(portal, 'ada@broker.example');
    const me = await ada.get('/api/v1/me');
    expect(me.body).toMatchObject({ email: 'ada@broker.example', status: 'active' });
    const history = await ada.get('/api/v1/me/history');
    const sentences = history.body.entries.map(({ sentence }: { sentence: string }) => sentence);
    expect(sentences).toEqual(['You signed in.', 'You confirmed your e-mail address.', 'You registered.']);
  });

  it('is locked after five wrong passwords, and unlocked by an officer', async () => {
    const id = await partner(portal, 'locked@broker.example');
    const client = portal.client();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await client.signIn('locked@broker.example', 'wrong password')).status).toBe(401);
    }
    expect((await client.signIn('locked@broker.example', PASSWORD)).status).toBe(401);
    const officer = await staff(portal, 'specialist');
    await projected(portal);
    const seen = await officer.get('/api/v1/accounts?email=locked@broker.example');
    expect(seen.body).toMatchObject({ accountId: id, status: 'locked', lock: { cause: 'TooManyFailures' } });
    const unlocked = await officer.post(`/api/v1/accounts/${id}/unlocks`, {
      reason: 'Called and identified.',
    });
    expect(unlocked.status).toBe(201);
    const ada = await signedIn(portal, 'locked@broker.example');
    const history = await ada.get('/api/v1/me/history');
    const sentences = history.body.entries.map(({ sentence }: { sentence: string }) => sentence);
    expect(sentences).toContain('Your account was locked for 15 minutes after 5 wrong passwords.');
  });

  it('recovers by mailed link and three answers', async () => {
    await partner(portal, 'lost@broker.example');
    const client = portal.client();
    const asked = await client.post('/api/v1/password-reset-requests', { email: 'lost@broker.example' });
    expect(asked.status).toBe(202);
    const token = await portal.mailedToken('lost@broker.example', 'reset');
    const questions = await client.post('/api/v1/password-resets/questions', { token });
    expect(questions.body.questions).toHaveLength(3);
    const reset = { token, answers, password: ANOTHER_PASSWORD, passwordAgain: ANOTHER_PASSWORD };
    expect((await client.post('/api/v1/password-resets', reset)).status).toBe(200);
    expect((await client.post('/api/v1/password-resets', reset)).status).toBe(410);
    expect((await client.signIn('lost@broker.example', PASSWORD)).status).toBe(401);
    await signedIn(portal, 'lost@broker.example', ANOTHER_PASSWORD);
    portal.clock.advance(MINUTE);
  });
});
