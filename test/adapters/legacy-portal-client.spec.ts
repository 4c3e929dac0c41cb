import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { LegacyPortalClient } from '../../src/adapters/legacy-portal-client.js';
import { LegacyPortalAway } from '../../src/ports.js';
import { record } from '../domain/legacy-account/past.js';

const { passwordHash: _, ...profile } = record;

interface Seen {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Answering = (response: ServerResponse, tries: number) => void;

/** Answers as the test says; `tries` counts from 1. */
async function withPortal(answer: Answering, test: (url: URL, seen: Seen[]) => Promise<void>): Promise<void> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      seen.push({ headers: request.headers, body });
      answer(response, seen.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await test(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/check`), seen);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const json =
  (status: number, body: unknown): Answering =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const fast = { answerMs: 5_000, retryAfterMs: 1, breakMs: 60_000 };
const client = (url: URL, more = {}) => new LegacyPortalClient(url.href, { ...fast, ...more });
const ask = (portal: LegacyPortalClient) => portal.check('adaok01', 'p ä');

describe('the legacy portal', () => {
  it('tells the account where user id and password match', () =>
    withPortal(json(200, profile), async (url, seen) => {
      url.username = 'portcullis';
      url.password = 's:ecret/';
      expect(await ask(client(url))).toEqual(profile);
      expect(JSON.parse(seen[0]!.body)).toEqual({ legacyUserId: 'adaok01', legacyPassword: 'p ä' });
      const basic = Buffer.from('portcullis:s:ecret/').toString('base64');
      expect(seen[0]!.headers.authorization).toBe(`Basic ${basic}`);
    }));

  it('says so, once, where they do not', () =>
    withPortal(json(403, {}), async (url, seen) => {
      expect(await ask(client(url))).toBeNull();
      expect(seen).toHaveLength(1);
      expect(seen[0]!.headers.authorization).toBeUndefined();
    }));

  it.each<[string, Answering]>([
    ['has a fault', json(500, {})],
    ['has too much to do', json(429, {})],
    ['knows no such address', json(404, {})],
    ['answers with another shape', json(200, { ...profile, status: 'Fine' })],
    ['answers for somebody else', json(200, { ...profile, legacyUserId: 'BEN02' })],
    ['answers without JSON', (response) => void response.writeHead(200).end('<html>')],
    ['answers without an end', (response) => void response.writeHead(200).end('x'.repeat(1024 * 1024 + 1))],
    ['sends elsewhere', (response) => void response.writeHead(307, { location: '/elsewhere' }).end()],
    ['hangs up', (response) => void response.destroy()],
  ])('is asked twice, and then later, where it %s', (_what, answer) =>
    withPortal(answer, async (url, seen) => {
      await expect(ask(client(url))).rejects.toThrow(LegacyPortalAway);
      expect(seen).toHaveLength(2);
    }),
  );

  it('is asked again where it stumbled once', () =>
    withPortal(
      (response, tries) => json(tries === 1 ? 502 : 200, profile)(response, tries),
      async (url) => expect(await ask(client(url))).toEqual(profile),
    ));

  it('is not waited for longer than agreed', () =>
    withPortal(
      () => undefined,
      async (url, seen) => {
        await expect(ask(client(url, { answerMs: 30 }))).rejects.toThrow(LegacyPortalAway);
        expect(seen).toHaveLength(2);
      },
    ));

  it('is left alone for a while after five failures in a row', () =>
    withPortal(json(500, {}), async (url, seen) => {
      const portal = client(url);
      for (let request = 0; request < 6; request += 1) {
        await expect(ask(portal)).rejects.toThrow(LegacyPortalAway);
      }
      expect(seen).toHaveLength(5);
    }));

  it('is asked again after that while', async () => {
    let isDown = true;
    await withPortal(
      (response) => json(isDown ? 500 : 200, profile)(response, 1),
      async (url) => {
        const portal = client(url, { breakMs: 1 });
        for (let request = 0; request < 6; request += 1) {
          await expect(ask(portal)).rejects.toThrow(LegacyPortalAway);
        }
        isDown = false;
        await new Promise((resume) => setTimeout(resume, 20));
        expect(await ask(portal)).toEqual(profile);
      },
    );
  });

  it('is away where nothing listens', async () => {
    let closed: URL | undefined;
    await withPortal(json(200, profile), async (url) => void (closed = url));
    await expect(ask(client(closed!))).rejects.toThrow(LegacyPortalAway);
  });
});
