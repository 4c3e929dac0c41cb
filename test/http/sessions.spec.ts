import type { Answer, PortalClient } from '../support/portal-client.js';
import { partner, PASSWORD, signedIn } from '../support/people.js';
import { Portal } from '../support/portal.js';
import { everyRoute } from './every-route.js';

const portal = await Portal.open();
afterAll(() => portal.close());

const ORIGIN = 'https://portal.example';
const COOKIE = '__Host-portcullis';
const EMAIL = 'browser@broker.example';

/** Signs in as a browser does. */
async function browser(email = EMAIL, headers: Record<string, string> = {}) {
  const answer = await portal
    .client()
    .post('/api/v1/sessions', { email, password: PASSWORD }, { origin: ORIGIN, ...headers });
  const set = answer.headers.get('set-cookie') ?? '';
  const cookie = set.split(';')[0]!;
  return { answer, set, cookie, csrfToken: answer.body.csrfToken as string };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const otherSpelling = (last: string) => ALPHABET[ALPHABET.indexOf(last) ^ 1]!;

const codeOf = ({ status, body }: Answer) => `${status} ${body?.code ?? ''}`.trim();

beforeAll(async () => {
  await partner(portal, EMAIL);
  await partner(portal, 'another@broker.example');
});

describe('a session cookie', () => {
  it('goes to browsers, for this host alone, out of the reach of scripts; programs get a token instead', async () => {
    const { answer, set } = await browser();
    expect(answer.status).toBe(201);
    expect(answer.body).not.toHaveProperty('token');
    expect(set).toMatch(/^__Host-portcullis=[0-9a-f-]{36}\.[\w-]{43}; /);
    const attributes = set.split('; ').slice(1).sort();
    const expires = `Expires=${new Date(portal.clock.now() + 24 * 3_600_000).toUTCString()}`;
    expect(attributes).toEqual([expires, 'HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure']);
    const program = await portal.client().post('/api/v1/sessions', { email: EMAIL, password: PASSWORD });
    expect(program.headers.has('set-cookie')).toBe(false);
    expect(program.body.token).toMatch(/^[0-9a-f-]{36}\.[\w-]{43}$/);
  });

  it('is new at every sign-in: one planted beforehand is never taken over', async () => {
    const first = await browser();
    const again = await browser(EMAIL, { cookie: first.cookie });
    expect(again.cookie).not.toBe(first.cookie);
    const planted = `${COOKIE}=${first.cookie.split('=')[1]!.slice(0, 37)}${'A'.repeat(43)}`;
    const { cookie } = await browser(EMAIL, { cookie: planted });
    expect(cookie).not.toBe(planted);
    expect((await portal.client().get('/api/v1/me', { cookie: planted })).status).toBe(401);
    expect((await portal.client().get('/api/v1/me', { cookie })).status).toBe(200);
  });

  it('is taken away at sign-out, and opens nothing afterwards', async () => {
    const { cookie, csrfToken } = await browser();
    const headers = { cookie, origin: ORIGIN, 'x-csrf-token': csrfToken };
    const out = await portal.client().delete('/api/v1/sessions/current', headers);
    expect(out.status).toBe(204);
    const cleared = out.headers.get('set-cookie') ?? '';
    expect(cleared).toMatch(/^__Host-portcullis=; /);
    expect(cleared).toMatch(/Expires=Thu, 01 Jan 1970/);
    for (const attribute of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict']) {
      expect(cleared).toContain(attribute);
    }
    expect((await portal.client().get('/api/v1/me', { cookie })).status).toBe(401);
  });

  it('reads alone, and writes only with our Origin and its own CSRF token', async () => {
    const { cookie, csrfToken } = await browser();
    const other = await browser();
    const client = portal.client();
    expect((await client.get('/api/v1/me', { cookie })).status).toBe(200);
    expect((await client.get('/api/v1/me', { cookie })).body.csrfToken).toBe(csrfToken);
    const writes = everyRoute(portal).filter(
      ({ method, facts }) => method !== 'GET' && facts.policy?.who !== 'anyone',
    );
    expect(writes.length).toBeGreaterThan(10);
    for (const forged of [
      {},
      { origin: ORIGIN },
      { 'x-csrf-token': csrfToken },
      { origin: ORIGIN, 'x-csrf-token': '' },
      { origin: ORIGIN, 'x-csrf-token': other.csrfToken },
      { origin: ORIGIN, 'x-csrf-token': `${csrfToken}x` },
      { origin: 'https://portal.example.evil.example', 'x-csrf-token': csrfToken },
      { origin: 'http://portal.example', 'x-csrf-token': csrfToken },
      { origin: 'https://portal.example:8443', 'x-csrf-token': csrfToken },
      { origin: 'null', 'x-csrf-token': csrfToken },
    ]) {
      for (const { method, url } of writes) {
        const answer = await client.send(method, url.replace(':id', cookie.slice(18, 54)), undefined, {
          cookie,
          ...forged,
        } as Record<string, string>);
        expect(`${method} ${url} ${codeOf(answer)}`).toBe(`${method} ${url} 403 CrossSite`);
      }
    }
    const own = { cookie, origin: ORIGIN, 'x-csrf-token': csrfToken };
    const stepUp = await client.post('/api/v1/sessions/current/step-ups', { password: PASSWORD }, own);
    expect(stepUp.status).toBe(204);
  });

  it('is never read beside a Bearer token', async () => {
    const { cookie } = await browser();
    const program = await signedIn(portal, EMAIL);
    const both = await program.get('/api/v1/me', { cookie });
    expect(codeOf(both)).toBe('400 MalformedRequest');
    expect(both.body.errors[0].pointer).toBe('#/headers/Authorization');
  });

  it('cannot be got by a foreign page, not even for an account of its own', async () => {
    const { answer, set } = await browser(EMAIL, { origin: 'https://evil.example' });
    expect(codeOf(answer)).toBe('403 CrossSite');
    expect(set).toBe('');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'does not let a foreign form through: %s',
    async (type) => {
      const { cookie, csrfToken } = await browser();
      const headers = { cookie, origin: ORIGIN, 'x-csrf-token': csrfToken, 'content-type': type };
      const body = JSON.stringify({ password: PASSWORD });
      const answer = await portal.client().post('/api/v1/sessions/current/step-ups', body, headers);
      expect(codeOf(answer)).toBe('415 UnsupportedMediaType');
    },
  );
});

describe('a token', () => {
  let mine: PortalClient;
  let theirs: PortalClient;
  beforeAll(async () => {
    mine = await signedIn(portal, EMAIL);
    theirs = await signedIn(portal, 'another@broker.example');
  });

  it('opens its own account only, unaltered and whole', async () => {
    const token = mine.token!;
    const [id = '', secret = ''] = token.split('.');
    const [otherId = '', otherSecret = ''] = theirs.token!.split('.');
    const flipped = `${secret.slice(0, 20)}${secret[20] === 'A' ? 'B' : 'A'}${secret.slice(21)}`;
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
    const wrong = [
      `${otherId}.${secret}`,
      `${id}.${otherSecret}`,
      `${id}.${flipped}`,
      `${id}.${secret.slice(1)}`,
      `${id}.${secret}A`,
      `${id.toUpperCase()}.${secret}`,
      `${id}.${'A'.repeat(43)}`,
      // The same bytes in another spelling: the last character holds two bits that count for nothing.
      `${id}.${secret.slice(0, -1)}${otherSpelling(secret.at(-1)!)}`,
      `${id}.`,
      id,
      secret,
      `${unsigned}.${Buffer.from(JSON.stringify({ sub: id })).toString('base64url')}.`,
      '../../account',
      '%00',
    ];
    for (const forged of wrong) {
      for (const [name, value] of [
        ['authorization', `Bearer ${forged}`],
        ['cookie', `${COOKIE}=${forged}`],
      ] as const) {
        const answer = await portal.client().get('/api/v1/me', { [name]: value });
        expect(`${forged} ${codeOf(answer)}`).toBe(`${forged} 401 NotSignedIn`);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
        expect(answer.text).not.toContain(id);
      }
    }
    for (const header of [`Basic ${token}`, token, `Bearer ${token} x`, `Bearer ${token}, Bearer ${token}`]) {
      expect((await portal.client().get('/api/v1/me', { authorization: header })).status).toBe(401);
    }
    expect((await mine.get('/api/v1/me')).status).toBe(200);
  });

  it('is never taken from the address', async () => {
    const answer = await portal.client().get(`/api/v1/me?access_token=${mine.token!}&token=${mine.token!}`);
    expect(codeOf(answer)).toBe('401 NotSignedIn');
  });

  it('reaches no session of somebody else', async () => {
    const { sessions } = (await theirs.get('/api/v1/me/sessions')).body;
    const answer = await mine.delete(`/api/v1/me/sessions/${sessions[0].sessionId as string}`);
    expect(codeOf(answer)).toBe('404 SessionUnknown');
    expect((await theirs.get('/api/v1/me')).status).toBe(200);
  });
});
