import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKept } from '../../src/cli/kept-stores.js';
import type { Config } from '../../src/config.js';
import { projections } from '../../src/projections/all.js';
import { Installation } from '../cli/installation.js';
import { ChildService, killLeftovers } from '../support/child-service.js';
import { MongoServer } from '../support/mongo-server.js';
import { TestMailServer } from '../support/smtp-server.js';
import { counted } from '../support/soak.js';
import { serverStores, type TestStores } from '../support/test-stores.js';
import { Evidence } from './evidence.js';
import { FreshViews, settled } from './fresh-views.js';
import { enrol, OFFICER, Traffic } from './traffic.js';

const SEED = 20_261_122;
const PLACES = 6;
const LONGEST_MS = counted(5, 60) * 60_000;

let folder: string;
let stores: TestStores;
let mailServer: TestMailServer;
let config: Config;

const instance = () => ChildService.start(folder, { ...stores.settings, SMTP_URL: mailServer.url });

/** A session of an officer who was invited by the command line, beside the instance at this address. */
async function officerAt(url: string): Promise<string> {
  const beside = new Installation({ ...stores.settings, PUBLIC_URL: 'https://portal.example' });
  const invited = await beside.json<{ enrolmentUrl: string }>(
    ...['staff', 'add', '--email', OFFICER, '--role', 'specialist'],
    ...['--given-name', 'Olive', '--family-name', 'Officer'],
  );
  await beside.remove();
  return enrol(invited.enrolmentUrl, url);
}

/** Brings all to its end at this instance, and looks whether anything acknowledged is missing, torn, or there twice. */
async function expectWhole(traffic: Traffic, service: ChildService): Promise<void> {
  await traffic.finish(service.url);
  expect(traffic.wrong).toEqual([]);
  const evidence = new Evidence(config);
  await settled(config, evidence, LONGEST_MS);
  expect(evidence.hold(traffic.people).holdClaims(traffic.people).complaints).toEqual([]);
  const compared = await (await FreshViews.of(evidence)).compare(config);
  expect(compared.differences).toEqual([]);
  expect(compared.documents).toBeGreaterThan(traffic.people.length);
  const noticed = evidence.events
    .filter(({ type }) => type === 'NoticeSent')
    .map(({ data }) => data.forEvent as string);
  expect(noticed).toHaveLength(new Set(noticed).size);
  // One that was being sent as its instance went away is sent again, as the same message.
  const messages = mailServer.delivered.map(({ messageId }) => messageId);
  const again = messages.length - new Set(messages).size;
  expect(again).toBeLessThanOrEqual(8);
}

const suite = () => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portcullis-instances-'));
    mailServer = await new TestMailServer().start();
    stores = await serverStores();
    config = ChildService.configOf(folder, stores.settings);
  });
  afterEach(async () => {
    await killLeftovers();
    await stores.close();
    await mailServer.stop();
    rmSync(folder, { recursive: true });
  });

  it(
    'lose nothing and do nothing twice, whether they are stopped and woken, killed, or restarted in mid-load',
    async () => {
      const first = await instance();
      const traffic = new Traffic(SEED, mailServer, await officerAt(first.url), PLACES);
      const second = await instance();

      // The first one leads all; while it stands still, the second takes over.
      traffic.start(first.url, second.url);
      await traffic.until(counted(30, 600));
      process.kill(first.processId, 'SIGSTOP');
      await movedOn(await viewsAt());
      process.kill(first.processId, 'SIGCONT');
      await traffic.until(counted(20, 400));

      // Now the second one leads, and dies.
      await second.kill();
      await movedOn(await viewsAt());
      await traffic.stop();

      const third = await instance();
      traffic.start(first.url, third.url);
      await traffic.until(counted(20, 400));
      expect(await first.stop()).toEqual({ code: 0, signal: null });
      await traffic.until(counted(20, 400));
      await traffic.stop();

      await expectWhole(traffic, third);
      expect([first.faults, second.faults, third.faults]).toEqual([[], [], []]);
      expect(await third.stop()).toEqual({ code: 0, signal: null });
    },
    LONGEST_MS,
  );
};

/** Where every view stands. */
async function viewsAt(): Promise<(string | null)[]> {
  const { views, close } = await openKept(config);
  try {
    return await Promise.all(projections.map(({ name }) => views.checkpoint(name)));
  } finally {
    await close();
  }
}

/** Resolves when each view has gone on: somebody else leads it. */
async function movedOn(from: readonly (string | null)[]): Promise<void> {
  for (;;) {
    const now = await viewsAt();
    if (now.every((position, view) => (position ?? '') > (from[view] ?? ''))) return;
    await new Promise((resume) => setTimeout(resume, 100));
  }
}

if (MongoServer.isThere) describe('instances on the same servers', suite);
else describe.skip('instances on the same servers (no MONGODB_URL, and no FerretDB was built)', suite);
