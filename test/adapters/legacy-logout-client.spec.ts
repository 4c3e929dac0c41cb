import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { LegacyLogoutClient, NoLegacyLogouts } from '../../src/adapters/legacy-logout-client.js';
import type { LogoutTrouble } from '../../src/domain/legacy-account/events.js';
import { LegacyPortalAway } from '../../src/ports.js';

interface Seen {
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Answering = (response: ServerResponse) => void;

async function withPortal(
  answer: Answering,
  test: (url: string, seen: Seen[], stop: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      seen.push({ path: request.url, headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  try {
    await test(`http://127.0.0.1:${(server.address() as AddressInfo).port}/logout`, seen, stop);
  } finally {
    await stop();
  }
}

const status =
  (code: number, headers = {}): Answering =>
  (response) =>
    void response.writeHead(code, headers).end();
const fast = { answerMs: 5_000, breakMs: 60_000 };

describe('A logout sent to the legacy portal', () => {
  it.each([200, 204])('is acknowledged by %i', (code) =>
    withPortal(status(code), async (url, seen) => {
      expect(await new LegacyLogoutClient(url, fast).send('a.b.c')).toBeNull();
      expect(seen).toEqual([
        {
          path: '/logout',
          headers: expect.objectContaining({ 'content-type': 'application/x-www-form-urlencoded' }),
          body: 'logout_token=a.b.c',
        },
      ]);
    }),
  );

  it.each<[string, Answering, LogoutTrouble]>([
    ['is refused', status(400), 'Refused'],
    ['meets a fault', status(500), 'Faulty'],
    ['meets another fault', status(404), 'Faulty'],
    ['is answered, and no more than that', status(202), 'Faulty'],
    ['is sent elsewhere', status(307, { location: '/elsewhere' }), 'Faulty'],
    ['is sent elsewhere for good', status(301, { location: 'https://elsewhere.example/' }), 'Faulty'],
    ['is cut off', (response) => void response.destroy(), 'Unreachable'],
    ['is kept waiting', () => undefined, 'TimedOut'],
  ])('is asked for once where it %s', (_what, answer, trouble) =>
    withPortal(answer, async (url, seen) => {
      expect(await new LegacyLogoutClient(url, { ...fast, answerMs: 200 }).send('a.b.c')).toBe(trouble);
      expect(seen.map(({ path }) => path)).toEqual(['/logout']);
    }),
  );

  it('does not wait for an answer that has no end', () =>
    withPortal(
      (response) => {
        response.writeHead(200);
        response.write('x'.repeat(100_000));
      },
      async (url) => {
        expect(await new LegacyLogoutClient(url, fast).send('a.b.c')).toBeNull();
      },
    ));

  it('finds nobody there', () =>
    withPortal(status(200), async (url, _seen, stop) => {
      await stop();
      expect(await new LegacyLogoutClient(url, fast).send('a.b.c')).toBe('Unreachable');
    }));

  it('is not tried after five failures in a row, and tried again after a while', () =>
    withPortal(status(503), async (url, seen) => {
      const client = new LegacyLogoutClient(url, { ...fast, breakMs: 100 });
      for (let failures = 1; failures <= 5; failures += 1) expect(await client.send('a.b.c')).toBe('Faulty');
      await expect(client.send('a.b.c')).rejects.toThrow(LegacyPortalAway);
      expect(seen).toHaveLength(5);
      await setTimeout(150);
      expect(await client.send('a.b.c')).toBe('Faulty');
    }));

  it('is tried however many others were refused: the portal is there', () =>
    withPortal(status(400), async (url, seen) => {
      const client = new LegacyLogoutClient(url, fast);
      for (let times = 1; times <= 8; times += 1) expect(await client.send('a.b.c')).toBe('Refused');
      expect(seen).toHaveLength(8);
    }));

  it('goes nowhere where no address is set', async () => {
    await expect(new NoLegacyLogouts().send()).rejects.toThrow(LegacyPortalAway);
  });
});
