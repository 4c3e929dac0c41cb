import { ANOTHER_PASSWORD, answers, partner, PASSWORD, registration } from '../../support/people.js';
import { Portal } from '../../support/portal.js';

const ORIGIN = 'https://portal.example';

describe('the screens', () => {
  let portal: Portal;
  beforeAll(async () => {
    portal = await Portal.open();
  });
  afterAll(() => portal.close());

  const get = (path: string, cookie?: string) =>
    fetch(`${portal.url}${path}`, { redirect: 'manual', headers: cookie === undefined ? {} : { cookie } });

  const submit = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${portal.url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: ORIGIN, ...headers },
      body: new URLSearchParams(fields),
    });

  const threeAnswers = Object.fromEntries(
    answers.flatMap(({ questionId, answer }, index) => [
      [`question${index}`, questionId],
      [`answer${index}`, answer],
    ]),
  );

  const cookieOf = (response: Response) => response.headers.getSetCookie()[0]!.split(';')[0]!;

  it('shows the “Forgot your password?” link below the Submit button', async () => {
    const html = await (await get('/sign-in')).text();
    expect(html.indexOf('>Submit</button>')).toBeGreaterThan(0);
    expect(html.indexOf('Forgot your password?')).toBeGreaterThan(html.indexOf('>Submit</button>'));
  });

  it('leads back to the login screen after asking for a reset', async () => {
    const asked = await submit('/forgot', { email: 'nobody@broker.example' });
    expect([asked.status, asked.headers.get('location')]).toEqual([303, '/sign-in?notice=asked']);
    const login = await (await get('/sign-in?notice=asked')).text();
    expect(login).toContain('you will receive an email within 24 hours');
  });

  it('takes a person from registering to the account and out again', async () => {
    const email = 'screen@broker.example';
    const { securityAnswers: _, ...person } = registration(email);
    expect((await submit('/register', { ...person, ...threeAnswers })).headers.get('location')).toBe(
      '/sign-in?notice=registered',
    );
    const token = await portal.mailedToken(email, 'confirm');
    expect((await submit('/confirm', { token, password: PASSWORD })).status).toBe(303);
    const signedIn = await submit('/sign-in', { email, password: PASSWORD });
    expect(signedIn.headers.get('location')).toBe('/welcome');
    const cookie = cookieOf(signedIn);
    const account = await (await get('/account', cookie)).text();
    expect(account).toContain('You confirmed your e-mail address.');
    const csrf = /name="csrf" value="([\w-]+)"/.exec(account)![1]!;
    expect((await submit('/sign-out', { csrf }, { cookie })).status).toBe(303);
    expect((await get('/account', cookie)).headers.get('location')).toBe('/sign-in');
  });

  it('sets a new password by the mailed link, which the page alone does not spend', async () => {
    await partner(portal, 'forgetful@broker.example');
    await submit('/forgot', { email: 'forgetful@broker.example' });
    const token = await portal.mailedToken('forgetful@broker.example', 'reset');
    for (let scan = 0; scan < 3; scan += 1) {
      const html = await (await get(`/reset?token=${token}`)).text();
      expect(html).toContain('What was the name of your first pet?');
      expect(html).toContain('Password requirements');
    }
    const form = { token, ...threeAnswers, password: ANOTHER_PASSWORD, passwordAgain: ANOTHER_PASSWORD };
    const wrong = await submit('/reset', { ...form, answer0: 'Somebody else' });
    expect([wrong.status, await wrong.text()]).toEqual([
      422,
      expect.stringContaining('The answers do not match'),
    ]);
    expect((await submit('/reset', form)).headers.get('location')).toBe('/sign-in?notice=reset');
    const dead = await get(`/reset?token=${token}`);
    expect([dead.status, await dead.text()]).toEqual([410, expect.stringContaining('no longer works')]);
  });

  it('tells a refused sign-in with its next steps, and never sends the password back', async () => {
    const refused = await submit('/sign-in', {
      email: 'nobody@broker.example',
      password: 'not-the-password',
    });
    const html = await refused.text();
    expect(refused.status).toBe(401);
    expect(html).toContain('Check that your user name is correct');
    expect(html).toContain('nobody@broker.example');
    expect(html).not.toContain('not-the-password');
  });

  it('shows markup in what was typed as text', async () => {
    const html = await (await submit('/forgot', { email: '"><script>alert(1)</script>' })).text();
    expect(html).not.toContain('<script>');
    expect(html).toContain('must be an e-mail address');
  });

  it('tells others nothing of its addresses, and itself that its forms are its own', async () => {
    const { headers } = await get('/sign-in');
    // Under no-referrer, browsers send “Origin: null” with a form, and it would be refused.
    expect(headers.get('referrer-policy')).toBe('strict-origin');
  });

  it.each([['https://evil.example'], ['null'], [undefined]])(
    'refuses a form sent from elsewhere (%s)',
    async (origin) => {
      const { status } = await fetch(`${portal.url}/forgot`, {
        method: 'POST',
        headers: origin === undefined ? {} : { origin },
        body: new URLSearchParams({ email: 'ada@broker.example' }),
      });
      expect(status).toBe(403);
    },
  );
});
