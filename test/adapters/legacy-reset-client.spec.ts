import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { LegacyResetClient } from '../../src/adapters/legacy-reset-client.js';
import { LegacyPortalAway } from '../../src/ports.js';

interface Seen {
  readonly method: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Answering = (response: ServerResponse) => void;

async function withPortal(answer: Answering, test: (url: URL, seen: Seen[]) => Promise<void>): Promise<void> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      seen.push({ method: request.method, headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await test(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/resets`), seen);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const fast = { answerMs: 5_000, retryAfterMs: 1, breakMs: 60_000 };
const status =
  (code: number): Answering =>
  (response) =>
    void response.writeHead(code).end();

describe('a reset asked of the legacy portal', () => {
  it.each([202, 204])('is taken by %d; the user id goes in the body, and nothing else', (code) =>
    withPortal(status(code), async (url, seen) => {
      url.username = 'portcullis';
      url.password = 'secret';
      await new LegacyResetClient(url.href, fast).ask('ADAOK01');
      const [{ method, headers, body }] = seen as [Seen];
      expect([method, JSON.parse(body)]).toEqual(['POST', { legacyUserId: 'ADAOK01' }]);
      expect(headers.authorization).toBe(`Basic ${Buffer.from('portcullis:secret').toString('base64')}`);
    }),
  );

  it.each<[string, Answering]>([
    ['answers 200', status(200)],
    ['knows no such address', status(404)],
    ['has a fault', status(500)],
    ['sends elsewhere', (response) => void response.writeHead(307, { location: '/elsewhere' }).end()],
    ['hangs up', (response) => void response.destroy()],
  ])('is not taken, after a second try, where it %s', (_what, answer) =>
    withPortal(answer, async (url, seen) => {
      await expect(new LegacyResetClient(url.href, fast).ask('ADAOK01')).rejects.toBeInstanceOf(
        LegacyPortalAway,
      );
      expect(seen.map(({ body }) => JSON.parse(body))).toEqual([
        { legacyUserId: 'ADAOK01' },
        { legacyUserId: 'ADAOK01' },
      ]);
    }),
  );
});
