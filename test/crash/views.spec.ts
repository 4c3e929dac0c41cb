import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyDatabase } from '../../src/adapters/embedded/database-copy.js';
import { reactionView } from '../../src/engine/reaction-run.js';
import { accountHistory } from '../../src/projections/account-history.js';
import { accountView } from '../../src/projections/account-view.js';
import { ChildService, killLeftovers } from '../support/child-service.js';
import { TestMailServer } from '../support/smtp-server.js';
import { Evidence } from './evidence.js';
import { FreshViews, settled } from './fresh-views.js';
import { enrolOfficer, Traffic } from './traffic.js';

const PLACES = 12;
const LONGEST_MS = 5 * 60_000;

let folder: string;
let dataDir: string;
let mailServer: TestMailServer;
let service: ChildService;
let officer: string;
let traffic: Traffic;
const begin = () => ChildService.start(dataDir, { SMTP_URL: mailServer.url });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'portcullis-views-'));
  dataDir = join(folder, 'data');
  mailServer = await new TestMailServer().start();
  service = await begin();
  officer = await enrolOfficer(dataDir, service.url);
  traffic = new Traffic(20_260_306, mailServer, officer, PLACES);
  await work(traffic, 100);
}, LONGEST_MS);
afterAll(async () => {
  await killLeftovers();
  await mailServer.stop();
  rmSync(folder, { recursive: true });
});

async function work(people: Traffic, acknowledged: number): Promise<void> {
  people.start(service.url);
  await people.until(acknowledged);
  await people.stop();
  await people.finish(service.url);
  expect(people.wrong).toEqual([]);
  await settled(dataDir, new Evidence(dataDir));
}

/** All views show what a fresh fold of the log makes, and nothing else. */
async function expectFreshViews(): Promise<void> {
  const evidence = new Evidence(dataDir);
  await settled(dataDir, evidence);
  const { differences, documents } = await (await FreshViews.of(evidence)).compare(dataDir);
  expect(differences).toEqual([]);
  expect(documents).toBeGreaterThan(0);
  expect(service.faults).toEqual([]);
}

function remove(view: string): void {
  const files = readdirSync(join(dataDir, 'views')).filter((file) => file.startsWith(view));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) rmSync(join(dataDir, 'views', file));
}

test(
  'A view that was deleted, or put back from an old copy, is brought up to the log; nobody is mailed again',
  async () => {
    const live = join(dataDir, 'views', `${accountView.name}.1.db`);
    copyDatabase(live, join(folder, 'old view.db'));
    await work(traffic, 50);
    await service.stop();
    for (const view of [accountView.name, accountHistory.name, reactionView('mails')]) remove(view);
    cpSync(join(folder, 'old view.db'), live);
    const mailed = mailServer.delivered.length;

    service = await begin();
    await expectFreshViews();
    expect(mailServer.delivered.length).toBe(mailed);
  },
  LONGEST_MS,
);

test(
  'Views that are ahead of the log, since that was put back from an older copy, are made anew, and it is logged',
  async () => {
    copyDatabase(join(dataDir, 'log.db'), join(folder, 'log.db'));
    // So few that the log soon grows past what the views reflect.
    await work(traffic, 1);
    await service.stop();
    for (const part of ['', '-wal', '-shm']) rmSync(join(dataDir, `log.db${part}`), { force: true });
    cpSync(join(folder, 'log.db'), join(dataDir, 'log.db'));

    service = await begin();
    await work(new Traffic(20_260_307, mailServer, officer, PLACES, 'late'), 50);
    await expectFreshViews();
    const told = service.log.filter(({ error }) => error === 'CheckpointAheadOfLog').map(({ what }) => what);
    expect(told).toEqual(expect.arrayContaining([`view ${accountView.name}`, `view ${accountHistory.name}`]));
    await service.stop();
  },
  LONGEST_MS,
);
