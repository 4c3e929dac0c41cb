import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { problemShape } from '../../src/http/problem.js';
import { EventStore } from '../../src/ports.js';
import { partner, PASSWORD, registration, signedIn } from '../support/people.js';
import { Portal } from '../support/portal.js';
import { readAnswer, sendRaw } from '../support/raw-http.js';

const portal = await Portal.open();
afterAll(() => portal.close());
const server = portal.app.getHttpServer() as Server;
const CANARY = 'canary7f3a9c';

const request = (line: string, headers: readonly string[] = [], body = '') =>
  [`${line} HTTP/1.1`, 'Host: portal.example', 'Connection: close', ...headers, '', body].join('\r\n');
const json = 'Content-Type: application/json';

async function answerTo(bytes: string) {
  const before = await portal.app.get(EventStore).head();
  const answer = readAnswer(await sendRaw(portal.url, bytes));
  expect(await portal.app.get(EventStore).head()).toBe(before);
  return answer;
}

/** Everything that fails fails alike: a problem, with the headers that keep browsers and caches in bounds. */
async function expectProblem(bytes: string, status: number, code: string) {
  const answer = await answerTo(bytes);
  expect(`${answer.status} ${answer.body?.code as string}`).toBe(`${status} ${code}`);
  expect(problemShape.safeParse(answer.body).error).toBeUndefined();
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(answer.text + JSON.stringify([...answer.headers])).not.toContain(CANARY);
  return answer;
}

describe('what is no HTTP, or odd HTTP', () => {
  const sessions = 'POST /api/v1/sessions';
  it.each<[string, string, number, string]>([
    ['another protocol', `${CANARY}\r\n\r\n`, 400, 'MalformedRequest'],
    ['HTTP/2 without agreement', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'MalformedRequest'],
    ['an unknown method', request(`${CANARY} /api/v1/me`), 400, 'MalformedRequest'],
    ['a header without a name', request('GET /api/v1/me', [`: ${CANARY}`]), 400, 'MalformedRequest'],
    ['a folded header', request('GET /api/v1/me', ['X: a', ` ${CANARY}`]), 400, 'MalformedRequest'],
    ['a length that is none', request(sessions, ['Content-Length: 1e3']), 400, 'MalformedRequest'],
    ['two lengths', request(sessions, ['Content-Length: 1', 'Content-Length: 2']), 400, 'MalformedRequest'],
    [
      'a length beside chunks',
      request(sessions, ['Content-Length: 3', 'Transfer-Encoding: chunked']),
      400,
      'MalformedRequest',
    ],
    [
      'chunks twice',
      request(sessions, ['Transfer-Encoding: chunked, chunked'], '0\r\n\r\n'),
      400,
      'MalformedRequest',
    ],
    [
      'a broken chunk',
      request(sessions, [json, 'Transfer-Encoding: chunked'], `zz\r\n${CANARY}`),
      400,
      'MalformedRequest',
    ],
    ['headers without end', request('GET /api/v1/me', [`X: ${'a'.repeat(20_000)}`]), 431, 'HeadersTooLarge'],
    ['an address without end', request(`GET /${'a'.repeat(20_000)}`), 431, 'HeadersTooLarge'],
    [
      'an expectation',
      request(sessions, [`Expect: ${CANARY}`, 'Content-Length: 0']),
      417,
      'ExpectationFailed',
    ],
    ['a tunnel', request('CONNECT evil.example:443'), 405, 'MethodNotAllowed'],
    ['an address that cannot be decoded', request(`GET /api/v1/${CANARY}%zz`), 400, 'MalformedRequest'],
    ['an address that is no UTF-8', request('GET /api/v1/accounts/%ff%fe'), 400, 'MalformedRequest'],
    [
      'a part of an address without end',
      request(`GET /api/v1/accounts/${'a'.repeat(500)}`),
      414,
      'AddressTooLong',
    ],
    [
      'a body that a GET has no use for',
      request('GET /api/v1/me', [json, 'Content-Length: 2'], '{}'),
      400,
      'MalformedRequest',
    ],
    ['no body where it says JSON', request(sessions, [json, 'Content-Length: 0']), 400, 'MalformedBody'],
    [
      'a type without a body',
      request(sessions, ['Content-Type: text/plain', 'Content-Length: 0']),
      422,
      'InvalidInput',
    ],
    [
      'a large body, before it comes',
      request(sessions, [json, 'Content-Length: 9999999']),
      413,
      'BodyTooLarge',
    ],
  ])('%s', async (_name, bytes, status, code) => {
    await expectProblem(bytes, status, code);
  });

  it('a request without a host', async () => {
    await expectProblem('GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'MalformedRequest');
  });

  it('a large body that comes in chunks', async () => {
    const chunk = `ffff\r\n"${'a'.repeat(0xfffd)}"\r\n`;
    await expectProblem(
      request(sessions, [json, 'Transfer-Encoding: chunked'], chunk + chunk),
      413,
      'BodyTooLarge',
    );
  });

  it('a body cut short does nothing', async () => {
    const body = JSON.stringify(registration('cut@broker.example'));
    const length = `Content-Length: ${Buffer.byteLength(body)}`;
    const before = await portal.app.get(EventStore).head();
    await sendRaw(portal.url, request('POST /api/v1/registrations', [json, length], body.slice(0, -10)), {
      end: true,
    });
    expect(await portal.app.get(EventStore).head()).toBe(before);
  });

  it('a good body in chunks is as good as one in a piece', async () => {
    await partner(portal, 'chunks@broker.example');
    const body = JSON.stringify({ email: 'chunks@broker.example', password: PASSWORD });
    const chunks = [...body].map((byte) => `1\r\n${byte}\r\n`).join('');
    const bytes = request(sessions, [json, 'Transfer-Encoding: chunked'], `${chunks}0\r\n\r\n`);
    expect(readAnswer(await sendRaw(portal.url, bytes)).status).toBe(201);
  });

  it('a header sent twice counts as one that is wrong', async () => {
    const body = JSON.stringify(registration('twice@broker.example'));
    const headers = [json, `Content-Length: ${Buffer.byteLength(body)}`];
    const answer = await answerTo(
      request('POST /api/v1/registrations', [...headers, 'Idempotency-Key: a', 'Idempotency-Key: b'], body),
    );
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].pointer).toBe('#/headers/Idempotency-Key');
  });
});

describe('addresses written otherwise', () => {
  // What is decoded to a route of ours is that route with its guard; everything else is not there.
  it.each([
    ['/api/v1/%6d%65', 401],
    ['/api/v1/m%65?x=1', 401],
    ['/%61pi/v1/me', 401],
    ['http://portal.example/api/v1/me', 401],
    ['http://evil.example/api/v1/me', 401],
    ['/api/v1/accounts/%2e%2e', 401],
    ['/api/v1/accounts/%2e%2e%2fme', 401],
    ['/api/v1/audit/events;x=1', 404],
    ['/api/v1/me;jsessionid=1', 404],
    ['/api/v1/ME', 404],
    ['/API/v1/me', 404],
    ['/api/v1/me/', 404],
    ['//api/v1/me', 404],
    ['/api//v1/me', 404],
    ['/api/v1//me', 404],
    ['/api/v1/./me', 404],
    ['/api/v1/x/../me', 404],
    ['/api/v1/%2e/me', 404],
    ['/api/v1/x/%2e%2e/me', 404],
    ['/api/v1%2fme', 404],
    ['/api/v1/me%2f', 404],
    ['/api/v1/me%00', 404],
    ['/api/v1/me%20', 404],
    ['/api/v1/me%3fx', 404],
    ['/api/v1/%256d%2565', 404],
    ['\\api\\v1\\me', 400],
    ['/api/v1/m\u200be', 400],
    ['*', 404],
  ])('%s', async (address, status) => {
    const answer = await answerTo(request(`GET ${address}`));
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  it('reach no more with a session than without', async () => {
    await partner(portal, 'other@broker.example');
    const { token } = await signedIn(portal, 'other@broker.example');
    const bearer = `Authorization: Bearer ${token!}`;
    const answer = await answerTo(request('GET /api/v1/%61ccounts?email=other@broker.example', [bearer]));
    expect(answer.status).toBe(403);
  });
});

describe('methods', () => {
  it.each(['OPTIONS', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'SEARCH', 'LOCK', 'GET', 'HEAD'])(
    '%s is not for /api/v1/registrations, which says what is',
    async (method) => {
      const answer = await answerTo(request(`${method} /api/v1/registrations`));
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toBe('POST');
    },
  );

  it('an override of the method is not listened to', async () => {
    const headers = ['X-HTTP-Method-Override: DELETE', 'X-Method-Override: DELETE'];
    expect((await answerTo(request('GET /health/live?_method=DELETE', headers))).status).toBe(200);
  });

  it('HEAD is GET without its body, and as well guarded', async () => {
    expect((await answerTo(request('HEAD /api/v1/password-rules'))).text).toBe('');
    expect((await answerTo(request('HEAD /api/v1/me'))).status).toBe(401);
    expect((await answerTo(request('HEAD /api/v1/accounts?email=a@b.example'))).status).toBe(401);
  });
});

describe('slow clients', () => {
  it('have five seconds for headers and ten for all, and are looked for every second', () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout } = server;
    expect({ headersTimeout, requestTimeout, keepAliveTimeout }).toEqual({
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      keepAliveTimeout: 5_000,
    });
    expect((server as unknown as { connectionsCheckingInterval: number }).connectionsCheckingInterval).toBe(
      1_000,
    );
  });

  it('are told so, and left', async () => {
    const { hostname, port } = new URL(portal.url);
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connect(Number(port), hostname);
    client.write('GET /api/v1/me HTTP/1.1\r\nX-Slow: ');
    const [socket] = await accepted;
    const error = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    server.emit('clientError', error, socket);
    let received = '';
    client.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
    await once(client, 'close');
    expect(readAnswer(received)).toMatchObject({ status: 408, body: { code: 'RequestTimeout' } });
  });
});

describe('headers', () => {
  it('that a browser must have come with everything', async () => {
    for (const address of ['/api/v1/me', '/api/v1/password-rules', '/nowhere', '/health/live']) {
      const { headers } = await answerTo(request(`GET ${address}`));
      const found = Object.fromEntries(
        [
          'cache-control',
          'content-security-policy',
          'referrer-policy',
          'strict-transport-security',
          'x-content-type-options',
          'x-frame-options',
          'x-powered-by',
          'server',
        ].map((name) => [name, headers.get(name)?.trim()]),
      );
      expect(found).toEqual({
        'cache-control': 'no-store',
        'content-security-policy':
          "default-src 'none';style-src 'self';script-src 'self';img-src 'self' data:;connect-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none'",
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
    }
  });

  it('name the scheme with every 401', async () => {
    const { headers } = await answerTo(request('GET /api/v1/me'));
    expect(headers.get('www-authenticate')).toBe('Bearer');
  });
});
