import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { MongoServer } from '../support/mongo-server.js';
import { partner, PASSWORD, signedIn } from '../support/people.js';
import { Portal } from '../support/portal.js';
import { standInStores } from '../support/test-stores.js';

const main = process.env.PORTCULLIS_MAIN ?? 'dist/main.js';
const PATIENCE_MS = 60_000;
/** What a start that fails says, and its exit code. */
async function failedStart(settings: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, PORT: '0', ADMIN_ADDRESS: '127.0.0.1:0', ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<[number]>]);
  return { said, code };
}

const suite = () => {
  let stores: Awaited<ReturnType<typeof standInStores>>;
  beforeEach(async () => void (stores = await standInStores()));
  afterEach(() => stores.close());

  it(
    'end the start with a sentence where a server is absent, or is none',
    async () => {
      const absent = await failedStart({
        ...stores.settings,
        EVENT_STORE_URL: 'esdb://127.0.0.1:1?tls=false',
      });
      expect(absent.code).toBe(1);
      expect(absent.said).toMatch(/^Portcullis cannot start: .*EventStoreDB/);
      const url = 'mongodb://somebody:hunter2@127.0.0.1:1/portcullis?serverSelectionTimeoutMS=300';
      const alone = await failedStart({ ...stores.settings, READ_STORE_URL: url });
      expect(alone.code).toBe(1);
      expect(alone.said).toMatch(/^Portcullis cannot start: .*MongoDB/);
      expect(alone.said).not.toContain('hunter2');
    },
    PATIENCE_MS,
  );

  it(
    'shut the doors alike for all while the log is away, and open them again with it',
    async () => {
      const portal = await Portal.open(stores.settings);
      await partner(portal, 'ada@broker.example');
      const session = await signedIn(portal, 'ada@broker.example');
      await stores.standIn.kill();
      const answers = await Promise.all([
        portal.client().signIn('ada@broker.example', PASSWORD),
        portal.client().signIn('nobody@broker.example', PASSWORD),
      ]);
      expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
        [503, 'StoreUnavailable'],
        [503, 'StoreUnavailable'],
      ]);
      expect(
        (await session.post('/api/v1/me/contact-email-changes', { email: 'b@broker.example' })).status,
      ).toBe(503);
      expect((await portal.client().get('/health/ready')).status).toBe(503);
      expect((await portal.client().get('/health/live')).status).toBe(200);
      await stores.standIn.restart();
      for (;;) {
        const { status } = await portal.client().get('/health/ready');
        if (status === 200) break;
        await new Promise((resume) => setTimeout(resume, 50));
      }
      expect((await portal.client().signIn('ada@broker.example', PASSWORD)).status).toBe(201);
      await portal.close();
    },
    PATIENCE_MS,
  );
};

if (MongoServer.isThere) describe('servers that are away', suite);
else describe.skip('servers that are away (no MONGODB_URL, and no FerretDB was built)', suite);
