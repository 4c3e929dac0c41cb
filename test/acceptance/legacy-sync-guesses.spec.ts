import { Agent } from 'node:http';
import { LegacyDirectory } from '../../src/commands/legacy-directory.js';
import { claimLegacyAccount } from '../../src/domain/legacy-account/claim.js';
import { legacyAccountDecider } from '../../src/domain/legacy-account/legacy-account.js';
import { Streams } from '../../src/engine/streams.js';
import { EventStore } from '../../src/ports.js';
import { post, type Exchange } from '../support/exchange.js';
import { importLegacy, legacyAccount, LEGACY_PASSWORD, ldapHash, sync, SYNC } from '../support/legacy.js';
import { partner, signedIn } from '../support/people.js';
import { MINUTE, Portal } from '../support/portal.js';
import type { PortalClient } from '../support/portal-client.js';
import { command } from '../support/tally.js';

/** A service with as many traders as the test wants, each signed in. */
class World {
  private readonly agent = new Agent({ keepAlive: false, maxSockets: 1_000 });

  private constructor(
    readonly portal: Portal,
    readonly traders: readonly PortalClient[],
    readonly accountIds: readonly string[],
  ) {}

  static async open(count: number, settings: Record<string, string> = {}): Promise<World> {
    const portal = await Portal.open(settings);
    const accountIds: string[] = [];
    const traders: PortalClient[] = [];
    for (let index = 0; index < count; index += 1) {
      const email = `trader${index}@broker.example`;
      accountIds.push(await partner(portal, email));
      traders.push(await signedIn(portal, email));
    }
    return new World(portal, traders, accountIds);
  }

  /** As it stands on the wire. */
  exchange(trader: number, legacyUserId: string, legacyPassword: string): Promise<Exchange> {
    const authorization = `Bearer ${this.traders[trader]!.token}`;
    const body = { legacyUserId, legacyPassword };
    return post(this.portal.url + SYNC, body, this.agent, { authorization });
  }

  async countOf(type: string): Promise<number> {
    const events = await this.portal.app.get(EventStore).readLog(null, 10_000);
    return events.filter((event) => event.type === type).length;
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.portal.close();
  }
}

async function inWorld(
  count: number,
  test: (world: World) => Promise<void>,
  settings: Record<string, string> = {},
): Promise<void> {
  const world = await World.open(count, settings);
  try {
    await test(world);
  } finally {
    await world.close();
  }
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('sixty-four syncs with one legacy account at once', () => {
  it('by different accounts give one LegacySynced', () =>
    inWorld(16, async (world) => {
      await importLegacy(world.portal, legacyAccount('RACE'));
      const answers = await Promise.all(times(64, (index) => sync(world.traders[index % 16]!, 'RACE')));
      await world.portal.settled();
      const winners = new Set(answers.flatMap(({ status }, index) => (status === 201 ? [index % 16] : [])));
      expect(winners.size).toBe(1);
      const losers = answers.filter(({ status }) => status !== 201);
      expect(new Set(losers.map(({ body }) => body.code))).toEqual(new Set(['LegacyAccountUsed']));
      expect([await world.countOf('LegacyAccountClaimed'), await world.countOf('LegacySynced')]).toEqual([
        1, 1,
      ]);
    }));

  it('by one account give one LegacySynced, and all the same receipt', () =>
    inWorld(1, async (world) => {
      await importLegacy(world.portal, legacyAccount('SAME'));
      const answers = await Promise.all(times(64, () => sync(world.traders[0]!, 'SAME')));
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(answers[0]!.status).toBe(201);
      expect(await world.countOf('LegacySynced')).toBe(1);
    }));

  it('two legacy accounts for one account: one is synced, and the other is free for its owner', () =>
    inWorld(2, async (world) => {
      const [ada, ben] = world.traders as [PortalClient, PortalClient];
      await importLegacy(world.portal, legacyAccount('LEFT'), legacyAccount('RIGHT'));
      const answers = await Promise.all(
        times(32, (index) =>
          sync(ada, index % 2 === 0 ? 'LEFT' : 'RIGHT').then((answer) => ({ index, answer })),
        ),
      );
      await world.portal.settled();
      const sides = new Set(
        answers.filter(({ answer }) => answer.status === 201).map(({ index }) => index % 2),
      );
      expect(sides.size).toBe(1);
      expect((await sync(ben, sides.has(0) ? 'RIGHT' : 'LEFT')).status).toBe(201);
      expect(await world.countOf('LegacySynced')).toBe(2);
    }));
});

it('a sync that a crash cut off between the streams is completed by itself', () =>
  inWorld(1, async ({ portal, traders: [ada], accountIds: [accountId] }) => {
    await importLegacy(portal, legacyAccount('CUTOFF'));
    const id = portal.app.get(LegacyDirectory).idOf('CUTOFF');
    const decision = claimLegacyAccount(accountId!, 1);
    await portal.app.get(Streams).decide(legacyAccountDecider, id, decision, command('crashed'));
    await portal.settled();
    const { body } = await ada!.get('/api/v1/me');
    expect([body.tasks, body.legacySync.legacyUserId]).toEqual([[], 'CUTOFF']);
    // Whoever asks again gets the receipt.
    expect((await sync(ada!, 'CUTOFF')).status).toBe(201);
  }));

describe('wrong legacy passwords', () => {
  it('shut the sync of that legacy account as sign-ins lock, for everybody, and not for longer', () =>
    inWorld(2, async ({ portal, traders }) => {
      const [mallory, ada] = traders as [PortalClient, PortalClient];
      await importLegacy(portal, legacyAccount('GUESSED'));
      const guesses = await Promise.all(times(64, (index) => sync(mallory, 'GUESSED', `guess ${index}`)));
      expect(new Set(guesses.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      const refused = await sync(ada, 'GUESSED');
      expect([refused.status, refused.text]).toEqual([422, guesses[0]!.text]);
      portal.clock.advance(15 * MINUTE);
      expect((await sync(ada, 'GUESSED')).status).toBe(201);
    }));

  it('count five times, though the right one is among many at once', () =>
    inWorld(1, async (world) => {
      await importLegacy(world.portal, legacyAccount('MANY'));
      const wrong = times(30, (index) => sync(world.traders[0]!, 'MANY', `guess ${index}`));
      const answers = await Promise.all([...wrong, sync(world.traders[0]!, 'MANY')]);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([422]));
      expect(await world.countOf('LegacyCredentialRefused')).toBe(5);
    }));

  it('are forgotten once the directory has another password', () =>
    inWorld(1, async ({ portal, traders: [ada] }) => {
      await importLegacy(portal, legacyAccount('RESET'));
      for (let guess = 0; guess < 5; guess += 1) await sync(ada!, 'RESET', 'wrong');
      await importLegacy(portal, legacyAccount('RESET', { passwordHash: ldapHash('new') }));
      expect((await sync(ada!, 'RESET', 'new')).status).toBe(201);
    }));

  it('are refused with the client’s other failures', () =>
    inWorld(
      1,
      async ({ portal, traders: [ada] }) => {
        await importLegacy(portal, legacyAccount('LIMITED'));
        for (let guess = 0; guess < 8; guess += 1) {
          expect((await sync(ada!, `NOBODY${guess}`)).status).toBe(422);
        }
        const limited = await sync(ada!, 'LIMITED');
        expect([limited.status, limited.body.code]).toEqual([429, 'TooManyRequests']);
        expect(limited.headers.get('retry-after')).toBe('900');
      },
      { CLIENT_FAILURES_MAX: '8' },
    ));
});

it('whatever the legacy account, a wrong password gets the same answer to the byte', () =>
  inWorld(2, async (world) => {
    const { portal } = world;
    await importLegacy(
      portal,
      legacyAccount('ACTIVE'),
      legacyAccount('INACTIVE', { status: 'Inactive' }),
      legacyAccount('BAD-STANDING', { status: 'NotInGoodStanding' }),
      legacyAccount('USED'),
      legacyAccount('SHUT'),
    );
    expect((await sync(world.traders[1]!, 'USED')).status).toBe(201);
    for (let guess = 0; guess < 5; guess += 1) await sync(world.traders[0]!, 'SHUT', 'wrong');
    const nobody = await world.exchange(0, 'NOBODY', 'wrong');
    expect(nobody.status).toBe('HTTP/1.1 422 Unprocessable Entity');
    for (const id of ['ACTIVE', 'INACTIVE', 'BAD-STANDING', 'USED', 'SHUT']) {
      expect({ id, ...(await world.exchange(0, id, 'wrong')) }).toEqual({ id, ...nobody });
    }
    expect(await world.exchange(0, 'SHUT', LEGACY_PASSWORD)).toEqual(nobody);
  }));

it('a refusal takes four uniform answers at least, whether there is such an account or not', () =>
  inWorld(
    1,
    async (world) => {
      await importLegacy(world.portal, legacyAccount('TIMED'));
      for (const id of ['TIMED', 'NOBODY']) {
        const startedAt = performance.now();
        await world.exchange(0, id, 'wrong');
        expect(performance.now() - startedAt).toBeGreaterThanOrEqual(195);
      }
    },
    { UNIFORM_ANSWER_MS: '50' },
  ));

it('a legacy password weaker than today’s policy still syncs', () =>
  inWorld(1, async ({ portal, traders: [ada] }) => {
    await importLegacy(portal, legacyAccount('WEAK', { passwordHash: ldapHash('a') }));
    expect((await sync(ada!, 'WEAK', 'a')).status).toBe(201);
  }));

it('no legacy password, user id or trade account stands readable in the log', () =>
  inWorld(1, async ({ portal, traders: [ada] }) => {
    const password = 'Canary-Password-1';
    const canary = { type: 'Broker', number: 'CANARY 77', owner: true } as const;
    await importLegacy(
      portal,
      legacyAccount('CANARY-1', {
        passwordHash: ldapHash(password),
        tradeAccounts: [{ ...canary, permissions: [] }],
        company: 'Canary Co.',
      }),
    );
    await sync(ada!, 'CANARY-1', 'canary guess', { 'idempotency-key': 'canary-1' });
    await sync(ada!, 'CANARY-1', password, { 'idempotency-key': 'other-1' });
    const log = JSON.stringify(await portal.app.get(EventStore).readLog(null, 10_000));
    expect(log).toContain('LegacySynced');
    expect(log).not.toMatch(/canary/i);
  }));
