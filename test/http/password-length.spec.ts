import { describeApi } from '../../src/http/openapi.js';
import { Argon2Hasher } from '../../src/adapters/argon2-hasher.js';
import { registration } from '../support/people.js';
import { Portal } from '../support/portal.js';
import { callerFor, freshCallers } from './callers.js';
import { everyRoute } from './every-route.js';
import { Samples, withValue, type Schema } from './samples.js';

/** Counts everything that costs what a hash costs. */
class CountingHasher extends Argon2Hasher {
  hashed = 0;

  constructor() {
    super({ memoryKiB: 8, passes: 1 }, Buffer.from('pepper'));
  }
  override hash(secret: string): Promise<string> {
    this.hashed += 1;
    return super.hash(secret);
  }
  override verify(hashed: string, secret: string): Promise<boolean> {
    this.hashed += 1;
    return super.verify(hashed, secret);
  }
}

const hasher = new CountingHasher();
const portal = await Portal.open({}, { hasher });
afterAll(() => portal.close());
const samples = new Samples(describeApi(portal.app));

describe('a password', () => {
  it('of more than 128 characters costs no hash anywhere', async () => {
    const callers = await freshCallers(portal);
    const routes = everyRoute(portal).filter(({ facts, operation }) => facts.takesBody && operation);
    let tried = 0;
    hasher.hashed = 0;
    for (const { name, method, url, facts, operation } of routes) {
      const { content } = operation!.requestBody as { content: Record<string, { schema: Schema }> };
      const schema = content['application/json']!.schema;
      for (const { pointer, schema: field } of samples.fields(schema)) {
        if (field.format !== 'password') continue;
        for (const [length, status] of [
          [129, 422],
          [60_000, 422],
          [1_000_000, 413],
        ] as const) {
          const body = withValue(samples.good(schema), pointer, 'x'.repeat(length));
          const { client } = callerFor(callers, facts.policy!.who);
          expect(`${name} ${(await client.send(method, url, body, {})).status}`).toBe(`${name} ${status}`);
          tried += 1;
        }
      }
    }
    expect(tried).toBeGreaterThan(20);
    expect(hasher.hashed).toBe(0);
  });

  it('counts to its last character', async () => {
    const password = `${'Long-harbor-wall-'.repeat(7)}-ends`;
    expect(password.length).toBeGreaterThan(100);
    const email = 'long@broker.example';
    const client = portal.client();
    const { status } = await client.post('/api/v1/registrations', {
      ...registration(email),
      password,
      passwordAgain: password,
    });
    expect(status).toBe(202);
    const token = await portal.mailedToken(email, 'confirm');
    await client.post('/api/v1/registrations/confirmations', { token, password });
    for (const wrong of [password.slice(0, -1), `${password.slice(0, 72)}x`, `${password}x`]) {
      expect((await client.signIn(email, wrong)).status).toBe(401);
    }
    expect((await client.signIn(email, password)).status).toBe(201);
  });

  it('is the same however its characters are composed', async () => {
    const email = 'composed@broker.example';
    const client = portal.client();
    const typed = 'Größe-des-Hafens-é';
    await client.post('/api/v1/registrations', {
      ...registration(email),
      password: typed.normalize('NFD'),
      passwordAgain: typed.normalize('NFC'),
    });
    const token = await portal.mailedToken(email, 'confirm');
    await client.post('/api/v1/registrations/confirmations', { token, password: typed.normalize('NFC') });
    expect((await client.signIn(email, typed.normalize('NFD'))).status).toBe(201);
  });
});
