import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { CommandBus } from '@nestjs/cqrs';
import { Argon2Hasher } from '../../src/adapters/argon2-hasher.js';
import { InviteStaff } from '../../src/commands/invite-staff.js';
import { SuspendAccount } from '../../src/commands/suspend-account.js';
import {
  EventStore,
  HasherBusy,
  Ids,
  OutcomeUnknown,
  StoreUnavailable,
  type Appended,
} from '../../src/ports.js';
import { post, type Exchange } from '../support/exchange.js';
import { lockOut, newPassword, partner, PASSWORD, registration, resetLink } from '../support/people.js';
import { HOUR, Portal } from '../support/portal.js';

const SIGN_IN = '/api/v1/sessions';
const RESET = '/api/v1/password-reset-requests';
const REGISTER = '/api/v1/registrations';

/** Whoever an address may belong to. */
const addresses = {
  nobody: 'nobody@broker.example',
  'a partner': 'known@broker.example',
  'somebody unconfirmed': 'unconfirmed@broker.example',
  'somebody invited': 'invited@cbp.example',
  'somebody who never confirmed': 'ended@broker.example',
  'a locked partner': 'locked@broker.example',
  'a suspended partner': 'suspended@broker.example',
  'a locked and suspended partner': 'both@broker.example',
  'a partner shut out of recovery': 'blocked@broker.example',
};

/** A service with everybody in it. */
class World {
  private constructor(
    readonly portal: Portal,
    readonly hasher: CrowdedHasher,
    private readonly agent: Agent,
  ) {}

  static async open(settings: Record<string, string> = {}): Promise<World> {
    const hasher = new CrowdedHasher();
    const portal = await Portal.open(settings, { hasher });
    const world = new World(portal, hasher, new Agent({ keepAlive: true }));
    await world.fill();
    return world;
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.portal.close();
  }

  post(path: string, body: object, headers: Record<string, string> = {}): Promise<Exchange> {
    return post(this.portal.url + path, body, this.agent, headers);
  }

  /** Sends for everybody, and expects the answer that nobody gets. */
  async expectAlike(path: string, bodyOf: (email: string) => object, status: string): Promise<void> {
    const nobody = await this.post(path, bodyOf('stranger@broker.example'));
    expect(nobody.status).toBe(`HTTP/1.1 ${status}`);
    for (const [who, email] of Object.entries(addresses)) {
      const answer = await this.post(path, bodyOf(email));
      expect({ who, ...answer }).toEqual({ who, ...nobody });
    }
  }

  private async fill(): Promise<void> {
    const { portal } = this;
    const client = portal.client();
    await client.post(REGISTER, registration(addresses['somebody who never confirmed']));
    portal.clock.advance(49 * HOUR);
    await partner(portal, addresses['a partner']);
    await client.post(REGISTER, registration(addresses['somebody unconfirmed']));
    await this.invite(addresses['somebody invited']);
    await partner(portal, addresses['a locked partner']);
    await lockOut(portal, addresses['a locked partner']);
    await this.suspend(await partner(portal, addresses['a suspended partner']));
    const both = await partner(portal, addresses['a locked and suspended partner']);
    await lockOut(portal, addresses['a locked and suspended partner']);
    await this.suspend(both);
    const blocked = addresses['a partner shut out of recovery'];
    await partner(portal, blocked);
    await client.post('/api/v1/password-resets', newPassword(await resetLink(portal, blocked)));
    await client.post('/api/v1/repudiations', { token: await portal.mailedToken(blocked, 'not-me') });
  }

  private async invite(email: string): Promise<void> {
    const invitation = { email, givenName: 'Ina', familyName: 'Vited', role: 'auditor' } as const;
    await this.portal.app.get(CommandBus).execute(new InviteStaff(invitation, this.context()));
  }

  private async suspend(accountId: string): Promise<void> {
    const command = new SuspendAccount(accountId, 'OfficerDecision', 'Under review.', this.context());
    await this.portal.app.get(CommandBus).execute(command);
  }

  private context() {
    const commandId = this.portal.app.get(Ids).next();
    const actor = { kind: 'operator', id: 'test', role: null } as const;
    return { commandId, actor, correlationId: commandId, causationId: commandId };
  }
}

/** A hasher whose queue can be full, and which can be slow. */
class CrowdedHasher extends Argon2Hasher {
  crowded = false;
  extraMs = 0;

  constructor() {
    super({ memoryKiB: 8, passes: 1 }, Buffer.from('pepper'));
  }
  override async hash(secret: string): Promise<string> {
    if (this.crowded) throw new HasherBusy();
    return super.hash(secret);
  }
  override async verify(hashed: string, secret: string): Promise<boolean> {
    if (this.crowded) throw new HasherBusy();
    if (this.extraMs > 0) await pause(this.extraMs);
    return super.verify(hashed, secret);
  }
}

const wrongPassword = (email: string) => ({ email, password: 'not the password' });
const rightPassword = (email: string) => ({ email, password: PASSWORD });
const justAddress = (email: string) => ({ email });

describe('Whoever an address belongs to, a stranger gets the same answer to the byte', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open();
  });
  afterAll(() => world.close());

  it('to a wrong password', () => world.expectAlike(SIGN_IN, wrongPassword, '401 Unauthorized'));

  it('to the right password, where the door is shut', async () => {
    const { 'a partner': _, 'a partner shut out of recovery': _open, ...shut } = addresses;
    const wrong = await world.post(SIGN_IN, wrongPassword('stranger@broker.example'));
    for (const [who, email] of Object.entries(shut)) {
      expect({ who, ...(await world.post(SIGN_IN, rightPassword(email))) }).toEqual({ who, ...wrong });
    }
  });

  it('to “Forgot your password?”', () => world.expectAlike(RESET, justAddress, '202 Accepted'));

  it('to a request that names a revision, which strangers may not', async () => {
    const nobody = await world.post(RESET, justAddress('stranger@broker.example'), { 'if-match': '"0"' });
    expect(nobody.status).toBe('HTTP/1.1 422 Unprocessable Entity');
    for (const email of Object.values(addresses)) {
      expect(await world.post(RESET, justAddress(email), { 'if-match': '"0"' })).toEqual(nobody);
    }
  });

  it('while too many passwords wait to be hashed', async () => {
    world.hasher.crowded = true;
    await world.expectAlike(SIGN_IN, wrongPassword, '503 Service Unavailable');
    await world.expectAlike(REGISTER, registration, '503 Service Unavailable');
    world.hasher.crowded = false;
  });

  it.each([
    ['is away', () => new StoreUnavailable('away')],
    ['hangs', () => new OutcomeUnknown('late')],
  ])('while the store %s', async (_what, trouble) => {
    const store = world.portal.app.get(EventStore);
    const { append } = store;
    // What is written fails, and so does the look whether anything could be; what is known can still be read.
    store.append = (): Promise<Appended> => Promise.reject(trouble());
    const { ping } = store;
    store.ping = () => Promise.reject(new StoreUnavailable('away'));
    try {
      await world.expectAlike(SIGN_IN, wrongPassword, '503 Service Unavailable');
      await world.expectAlike(SIGN_IN, rightPassword, '503 Service Unavailable');
      await world.expectAlike(RESET, justAddress, '503 Service Unavailable');
      await world.expectAlike(REGISTER, registration, '503 Service Unavailable');
    } finally {
      Object.assign(store, { append, ping });
    }
  });

  it('to a registration', () => world.expectAlike(REGISTER, registration, '202 Accepted'));

  it('to a registration whose input is wrong', () =>
    world.expectAlike(
      REGISTER,
      (email) => ({ ...registration(email), passwordAgain: 'x' }),
      '422 Unprocessable Entity',
    ));
});

describe('And no sooner than', () => {
  const EVERY_MS = 150;
  let world: World;
  beforeAll(async () => {
    world = await World.open({ UNIFORM_ANSWER_MS: String(EVERY_MS) });
  });
  afterAll(() => world.close());

  const elapsedMs = async (path: string, body: object) => {
    const start = performance.now();
    await world.post(path, body);
    return performance.now() - start;
  };

  it('the time that all are given', async () => {
    expect(await elapsedMs(SIGN_IN, wrongPassword('stranger@broker.example'))).toBeGreaterThanOrEqual(
      EVERY_MS,
    );
    expect(await elapsedMs(RESET, justAddress('stranger@broker.example'))).toBeGreaterThanOrEqual(EVERY_MS);
    expect(await elapsedMs(REGISTER, registration('stranger@broker.example'))).toBeGreaterThanOrEqual(
      EVERY_MS,
    );
  });

  it('twice that time, when the work took longer than once', async () => {
    world.hasher.extraMs = EVERY_MS + 10;
    expect(await elapsedMs(SIGN_IN, wrongPassword('stranger@broker.example'))).toBeGreaterThanOrEqual(
      2 * EVERY_MS,
    );
    world.hasher.extraMs = 0;
  });
});

describe('Nor do the limits of a client tell', () => {
  it('once it has failed too often', async () => {
    const world = await World.open({ CLIENT_FAILURES_MAX: '12' });
    try {
      for (;;) {
        const { status } = await world.post(SIGN_IN, wrongPassword('nobody@broker.example'));
        if (status === 'HTTP/1.1 429 Too Many Requests') break;
      }
      await world.expectAlike(SIGN_IN, wrongPassword, '429 Too Many Requests');
      await world.expectAlike(SIGN_IN, rightPassword, '429 Too Many Requests');
    } finally {
      await world.close();
    }
  });

  it('once it has asked too often', async () => {
    const world = await World.open({ CLIENT_REQUESTS_MAX: '12' });
    try {
      for (;;) {
        const { status } = await world.post(RESET, justAddress('nobody@broker.example'));
        if (status === 'HTTP/1.1 429 Too Many Requests') break;
      }
      await world.expectAlike(RESET, justAddress, '429 Too Many Requests');
      await world.expectAlike(REGISTER, registration, '429 Too Many Requests');
    } finally {
      await world.close();
    }
  });
});

describe('Nor does a repetition under the same Idempotency-Key', () => {
  const keyFor = (email: string) => ({ 'idempotency-key': `key-${email}` });

  it.each([
    ['at once', 0],
    ['the next day, when the log has forgotten the key', 25 * HOUR],
    ['days later, when registrations have expired', 70 * HOUR],
  ])('%s', async (_when, laterMs) => {
    const world = await World.open();
    try {
      for (const [path, bodyOf] of [
        [REGISTER, registration],
        [RESET, justAddress],
      ] as const) {
        const first = await world.post(path, bodyOf('stranger@broker.example'), keyFor('stranger'));
        expect(first.status).toBe('HTTP/1.1 202 Accepted');
        for (const email of Object.values(addresses)) await world.post(path, bodyOf(email), keyFor(email));
        world.portal.clock.advance(laterMs);
        // Without a key: what came due in the meantime is recorded now, and keys of long ago are forgotten.
        for (const email of Object.values(addresses)) await world.post(path, bodyOf(email));
        for (const [who, email] of Object.entries(addresses)) {
          const again = await world.post(path, bodyOf(email), keyFor(email));
          expect({ who, ...again }).toEqual({ who, ...first });
        }
      }
    } finally {
      await world.close();
    }
  });
});
