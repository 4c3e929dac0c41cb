import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Argon2Hasher } from '../../src/adapters/argon2-hasher.js';
import { EventStore } from '../../src/ports.js';
import { post, type Exchange } from '../support/exchange.js';
import { partner, PASSWORD, signedIn } from '../support/people.js';
import { Portal } from '../support/portal.js';
import { counted } from '../support/soak.js';

const SIGN_IN = '/api/v1/sessions';
const EMAIL = 'ada@broker.example';

/** Counts comparisons with somebody's own hash, and those with nobody's. */
class CountingHasher extends Argon2Hasher {
  real = 0;
  decoys = 0;
  /** How long a comparison takes besides: enough for others to arrive meanwhile. */
  realMs = 0;
  decoyMs = 0;

  constructor() {
    super({ memoryKiB: 8, passes: 1 }, Buffer.from('pepper'));
  }
  override async verify(hashed: string, secret: string): Promise<boolean> {
    this.real += 1;
    await pause(this.realMs);
    return super.verify(hashed, secret);
  }
  override async verifyDecoy(): Promise<false> {
    this.decoys += 1;
    await pause(this.decoyMs);
    return false;
  }
}

interface World {
  readonly portal: Portal;
  readonly hasher: CountingHasher;
  /** A guess at an account; `from` as a proxy would say it. */
  guess(password: string, from?: string, email?: string): Promise<Exchange>;
  typesSince(head: string | null): Promise<string[]>;
}

async function inWorld(
  settings: Record<string, string>,
  test: (world: World) => Promise<void>,
): Promise<void> {
  const hasher = new CountingHasher();
  const portal = await Portal.open(settings, { hasher });
  // A connection each: one kept too long would be closed by the server just as it is used again.
  const agent = new Agent({ keepAlive: false, maxSockets: 1_000 });
  try {
    await test({
      portal,
      hasher,
      guess: (password, from, email = EMAIL) =>
        post(portal.url + SIGN_IN, { email, password }, agent, from ? { 'x-forwarded-for': from } : {}),
      typesSince: async (head) => {
        const events = await portal.app.get(EventStore).readLog(head, 1_000);
        return events.map(({ type }) => type).filter((type) => type !== 'NoticeSent');
      },
    });
  } finally {
    agent.destroy();
    await portal.close();
  }
}

const behindProxy = { TRUSTED_PROXIES: '127.0.0.0/8,::1/128' };
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const statusesOf = (answers: readonly Exchange[]) => {
  const counts: Record<string, number> = {};
  for (const { status } of answers) {
    const code = status.split(' ')[1]!;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
};

describe('a thousand sign-ins at one account at once, from a thousand clients', () => {
  it('get no further than five guesses, though the right password is among them', () =>
    inWorld(behindProxy, async ({ portal, hasher, guess, typesSince }) => {
      await partner(portal, EMAIL);
      await portal.settled();
      const head = await portal.app.get(EventStore).head();
      hasher.real = 0;
      hasher.realMs = 50;
      const from = (index: number) => `198.51.${Math.floor(index / 250)}.${index % 250}`;
      let answered = 0;
      let rightOnes: Promise<Exchange>[] = [];
      const wrongOnes = times(900, async (index) => {
        const answer = await guess(`wrong ${index}`, from(index));
        answered += 1;
        // The limit is reached, and hundreds still wait: now comes the right password, a hundred times.
        if (answered === 5) rightOnes = times(100, (other) => guess(PASSWORD, from(900 + other)));
        return answer;
      });
      const wrong = await Promise.all(wrongOnes);
      const right = await Promise.all(rightOnes);
      expect(right).toHaveLength(100);
      expect(new Set([...wrong, ...right].map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(wrong[0]!.status).toBe('HTTP/1.1 401 Unauthorized');
      expect(await typesSince(head)).toEqual([...times(5, () => 'LoginFailed'), 'AccountLocked']);
      expect(hasher.real).toBe(5);
      expect(hasher.decoys).toBe(995);
    }));

  it('cannot be got around by giving the password again in a session', () =>
    inWorld({}, async ({ portal, hasher, guess, typesSince }) => {
      await partner(portal, EMAIL);
      const ada = await signedIn(portal, EMAIL);
      await portal.settled();
      const head = await portal.app.get(EventStore).head();
      hasher.real = 0;
      hasher.realMs = 50;
      await Promise.all([
        ...times(40, (index) =>
          ada.post('/api/v1/sessions/current/step-ups', { password: `wrong ${index}` }),
        ),
        ...times(40, (index) => guess(`wrong ${index}`)),
      ]);
      expect(await typesSince(head)).toEqual([...times(5, () => 'LoginFailed'), 'AccountLocked']);
      expect(hasher.real).toBe(5);
    }));
});

describe('two hundred right sign-ins at once', () => {
  it('all succeed, and leave ten live sessions', () =>
    inWorld({ CLIENT_FAILURES_MAX: '100' }, async ({ portal, guess }) => {
      await partner(portal, EMAIL);
      const answers = await Promise.all(times(200, () => guess(PASSWORD)));
      expect(statusesOf(answers)).toEqual({ '201': 200 });
      const tokens = answers.map(({ body }) => (JSON.parse(body) as { token: string }).token);
      expect(new Set(tokens).size).toBe(200);
      const open = await Promise.all(
        tokens.map((token) => portal.client().get('/api/v1/me', { authorization: `Bearer ${token}` })),
      );
      expect(open.filter(({ status }) => status === 200)).toHaveLength(10);
      expect(open.filter(({ status }) => status === 401)).toHaveLength(190);
    }));
});

describe('one client', () => {
  const limited = { CLIENT_FAILURES_MAX: '10' };

  it(
    'is slowed down when it tries one password at a thousand addresses (ten thousand in soak), however many at once',
    () =>
      inWorld({ CLIENT_FAILURES_MAX: '100' }, async ({ portal, hasher, guess }) => {
        await partner(portal, EMAIL);
        hasher.decoys = 0;
        hasher.decoyMs = 50;
        const rounds = counted(2, 20);
        const answers: Exchange[] = [];
        for (let round = 0; round < rounds; round += 1) {
          const some = times(500, (index) =>
            guess('Password-1!', undefined, `person${round}-${index}@broker.example`),
          );
          answers.push(...(await Promise.all(some)));
        }
        expect(statusesOf(answers)).toEqual({ '401': 100, '429': rounds * 500 - 100 });
        expect(hasher.decoys).toBe(100);
        // Not even the right password comes through, nor is it told apart.
        const right = await guess(PASSWORD);
        expect(right.body).toBe(answers.at(-1)!.body);
        expect(right.headers).toContain(`retry-after: ${15 * 60}`);
      }),
    60_000,
  );

  it('is the same whatever it writes into X-Forwarded-For, where no proxy is trusted', () =>
    inWorld(limited, async ({ guess }) => {
      const answers = [];
      for (let index = 0; index < 15; index += 1) answers.push(await guess('wrong', `203.0.113.${index}`));
      expect(statusesOf(answers)).toEqual({ '401': 10, '429': 5 });
    }));

  it.each<[string, (index: number) => string, Record<string, number>]>([
    [
      'when it claims to speak for others',
      (index) => `203.0.113.${index}, 198.51.100.7`,
      { '401': 10, '429': 5 },
    ],
    [
      'with any address of its IPv6 network',
      (index) => `2001:db8:0:1:${index}::${index}`,
      { '401': 10, '429': 5 },
    ],
    [
      'however its address is spelled',
      (index) => (index % 2 ? '::ffff:198.51.100.7' : '198.51.100.7'),
      { '401': 10, '429': 5 },
    ],
    ['with something that is no address', (index) => `<script>${index}</script>`, { '401': 10, '429': 5 }],
    ['but another one in another IPv6 network', (index) => `2001:db8:0:${index}::1`, { '401': 15 }],
    ['and another one at another address', (index) => `198.51.100.${index}`, { '401': 15 }],
  ])('is one behind a trusted proxy, %s', async (_what, from, expected) => {
    await inWorld({ ...limited, ...behindProxy }, async ({ guess }) => {
      const answers = [];
      for (let index = 0; index < 15; index += 1) {
        answers.push(await guess('wrong', from(index), `person${index}@broker.example`));
      }
      expect(statusesOf(answers)).toEqual(expected);
    });
  });
});
