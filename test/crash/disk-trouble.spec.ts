import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildService, killLeftovers } from '../support/child-service.js';
import { DiskTrouble } from '../support/disk-trouble.js';
import { projections } from '../../src/projections/all.js';
import { PASSWORD } from '../support/people.js';
import { PortalClient } from '../support/portal-client.js';
import { TestMailServer } from '../support/smtp-server.js';
import { counted, progress } from '../support/soak.js';
import { Evidence } from './evidence.js';
import { FreshViews, settled } from './fresh-views.js';
import { enrolOfficer, OFFICER, Traffic } from './traffic.js';

const PLACES = 12;
const LONGEST_MS = 5 * 60_000 + counted(0, 30 * 60_000);
const HANG_MS = counted(0, 30_000);
/** What an append may take, and as much for a machine that has other things to do. */
const ANSWER_MS_MAX = 10_000;

const whyNot = DiskTrouble.whyNot();
if (whyNot !== null) process.stderr.write(`Skipped: troubles of the disk, since ${whyNot}.\n`);
const testWithDisk = whyNot === null ? test : test.skip;

let dataDir: string;
let disk: DiskTrouble;
let mailServer: TestMailServer;
let service: ChildService;
let traffic: Traffic;
const begin = () => ChildService.start(dataDir, { SMTP_URL: mailServer.url, ...disk.environment });

beforeAll(async () => {
  if (whyNot !== null) return;
  dataDir = mkdtempSync(join(tmpdir(), 'portcullis-disk-'));
  disk = new DiskTrouble();
  mailServer = await new TestMailServer().start();
  service = await begin();
  traffic = new Traffic(20_260_304, mailServer, await enrolOfficer(dataDir, service.url), PLACES);
}, LONGEST_MS);
afterAll(async () => {
  await killLeftovers();
  await mailServer?.stop();
  disk?.remove();
  if (dataDir) rmSync(dataDir, { recursive: true });
});

afterEach(async () => {
  disk?.end();
  await traffic?.stop();
});

/** Has everybody finish what they began, and looks whether each thing was done once. */
async function expectOneEffectEach(): Promise<void> {
  await traffic.stop();
  await traffic.finish(service.url);
  const evidence = new Evidence(dataDir);
  await settled(dataDir, evidence);
  expect(traffic.wrong).toEqual([]);
  expect(evidence.hold(traffic.people).holdClaims(traffic.people).complaints).toEqual([]);
  expect((await (await FreshViews.of(evidence)).compare(dataDir)).differences).toEqual([]);
  const codes = ['Busy', 'OutcomeUnknown', 'StoreUnavailable'];
  expect([...traffic.refused.keys()].filter((code) => !codes.includes(code))).toEqual([]);
  expect(service.faults).toEqual([]);
}

testWithDisk(
  'Nothing is acknowledged before the disk has synced it',
  async () => {
    disk.hold('log.db-wal');
    let answered = false;
    const signingIn = new PortalClient(service.url)
      .signIn(OFFICER, PASSWORD)
      .finally(() => (answered = true));
    await disk.struck();
    await new Promise((resume) => setTimeout(resume, 200));
    expect(answered).toBe(false);
    disk.end();
    expect((await signingIn).status).toBe(201);
  },
  LONGEST_MS,
);

const troubles: [string, () => void][] = [
  ['the log’s file fails to sync', () => disk.fail('log.db-wal')],
  ['it fails from the third time on', () => disk.fail('log.db-wal', 3)],
  ['there is no room for the log', () => disk.full('log.db-wal')],
  ['the keys’ file fails to sync', () => disk.fail('keys.db-wal')],
  ['there is no room for keys', () => disk.full('keys.db-wal')],
];

testWithDisk.each(troubles)(
  'What failed is done once when it is sent again: %s',
  async (_, trouble) => {
    for (let round = 1; round <= counted(1, 20); round += 1) {
      traffic.start(service.url);
      await traffic.until(10);
      trouble();
      await disk.struck();
      await traffic.untilRefused(10);
      disk.end();
      await traffic.until(20);
      await expectOneEffectEach();
    }
    progress(`${traffic.acknowledged} acknowledged, ${traffic.refusals} refused`);
  },
  LONGEST_MS,
);

testWithDisk(
  'Commands go on while there is no room for views, which then catch up',
  async () => {
    for (const { name } of projections) {
      disk.full(`${name}.1.db-wal`);
      traffic.start(service.url);
      await disk.struck();
      const before = traffic.refusals;
      await traffic.until(50);
      expect(traffic.refusals).toBe(before);
      disk.end();
      await expectOneEffectEach();
    }
  },
  LONGEST_MS,
);

testWithDisk(
  'What failed is done once when the service is killed before it is sent again',
  async () => {
    traffic.start(service.url);
    disk.fail('log.db-wal');
    await traffic.untilRefused(10);
    await service.kill();
    await traffic.stop();
    disk.end();
    const evidence = await new Evidence(dataDir).read();
    expect(evidence.hold(traffic.people).complaints).toEqual([]);
    service = await begin();
    await expectOneEffectEach();
  },
  LONGEST_MS,
);

testWithDisk(
  'A disk that hangs keeps nobody waiting for long, and what it wrote late is there once',
  async () => {
    traffic.longestAnswerMs = 0;
    traffic.start(service.url);
    disk.hold('log.db-wal');
    await traffic.untilRefused(5 * PLACES);
    const ready = await fetch(`${service.url}/health/ready`);
    expect(ready.status).toBe(503);
    await new Promise((resume) => setTimeout(resume, HANG_MS));
    expect(traffic.longestAnswerMs).toBeLessThan(ANSWER_MS_MAX);
    disk.end();
    await traffic.until(20);
    await expectOneEffectEach();
    expect(await service.stop()).toEqual({ code: 0, signal: null });
  },
  LONGEST_MS,
);
