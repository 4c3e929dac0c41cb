import { MongoServer } from '../support/mongo-server.js';
import { partner } from '../support/people.js';
import { Portal } from '../support/portal.js';
import { serverStores, type TestStores } from '../support/test-stores.js';
import { projections } from '../../src/projections/all.js';
import { Installation, PATIENCE_MS } from './installation.js';

const suite = () => {
  let stores: TestStores;
  let portal: Portal;
  let here: Installation;
  beforeAll(async () => {
    stores = await serverStores();
    portal = await Portal.open(stores.settings);
    here = new Installation({ ...stores.settings, PUBLIC_URL: 'https://portal.example' });
  }, PATIENCE_MS);
  afterAll(async () => {
    await here.remove();
    await portal.close();
    await stores.close();
  });

  it(
    'invites staff, whom every instance knows at once',
    async () => {
      const { accountId } = await here.json<{ accountId: string }>(
        ...['staff', 'add', '--email', 'olive@cbp.example', '--role', 'dutyOfficer'],
        ...['--given-name', 'Olive', '--family-name', 'Officer'],
      );
      const { entries } = await here.json<{ entries: { sentence: string }[] }>(
        'history',
        'olive@cbp.example',
      );
      expect(entries[0]?.sentence).toMatch(/invited/i);
      expect(await here.must('history', accountId)).toContain('operator');
    },
    PATIENCE_MS,
  );

  it(
    'tells of all views, and makes them anew while another process leads them',
    async () => {
      await partner(portal, 'ada@broker.example');
      const names = projections.map(({ name }) => name);
      const listed = await here.json<{
        running: unknown;
        projections: { name: string; position: string | null }[];
      }>('projections', 'list');
      expect(listed.running).toBeNull();
      expect(listed.projections.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
      expect(await here.must('projections', 'rebuild')).toMatch(/^Rebuilt .* from \d+ events/);
      const officer = await partner(portal, 'bea@broker.example');
      expect(await here.must('history', officer)).toMatch(/registered/i);
      const lag = await here.json<{ name: string; events: number }[]>('projections', 'lag');
      expect(lag.length).toBeGreaterThan(names.length);
      expect(await here.must('projections', 'parked')).toContain('Nothing is parked');
    },
    PATIENCE_MS * 2,
  );

  it(
    'finds nothing wrong, and tells what is when a server is away',
    async () => {
      const well = await here.run('doctor');
      expect(well.out).toMatch(/ok +Servers +EventStoreDB and MongoDB answer/);
      expect(well.out).toMatch(/ok +Keys/);
      const gone = new Installation({ ...stores.settings, EVENT_STORE_URL: 'esdb://127.0.0.1:1?tls=false' });
      const ill = await gone.run('doctor');
      await gone.remove();
      expect(ill.code).toBe(1);
      expect(ill.out).toMatch(/fail +Servers .*\n +Fix: /);
    },
    PATIENCE_MS,
  );

  it(
    'leaves to the servers what is theirs to do',
    async () => {
      const refused = await here.run('backup', here.path('copy'));
      expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('tools of their own')]);
    },
    PATIENCE_MS,
  );
};

if (MongoServer.isThere) describe('portcullis on servers', suite);
else describe.skip('portcullis on servers (no MONGODB_URL, and no FerretDB was built)', suite);
