import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildService, killLeftovers, type Exit } from '../support/child-service.js';
import { PortalClient } from '../support/portal-client.js';
import { TestMailServer } from '../support/smtp-server.js';
import { eventually } from '../support/views.js';
import { Evidence } from './evidence.js';
import { FreshViews, settled } from './fresh-views.js';
import { enrolOfficer, OFFICER, Traffic } from './traffic.js';

const PLACES = 12;
const STOP_MS_MAX = 10_000;
const LONGEST_MS = 5 * 60_000;
const drained: Exit = { code: 0, signal: null };

let dataDir: string;
let mailServer: TestMailServer;
beforeAll(async () => {
  mailServer = await new TestMailServer().start();
});
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'portcullis-stop-'));
});
afterEach(async () => {
  await killLeftovers();
  rmSync(dataDir, { recursive: true });
});
afterAll(() => mailServer.stop());

/** Those who keep a connection open and say nothing, less than a request, half of its body, or nothing more after one. */
async function lingerers(url: string): Promise<Socket[]> {
  const port = Number(new URL(url).port);
  const post = 'POST /api/v1/sessions HTTP/1.1\r\nHost: portal\r\nContent-Type: application/json\r\n';
  const said = [
    '',
    'GET /health/live HTTP/1.1\r\nHo',
    `${post}Content-Length: 100\r\n\r\n{`,
    'GET /health/live HTTP/1.1\r\nHost: portal\r\n\r\n',
  ];
  return Promise.all(
    said.map(
      (text) =>
        new Promise<Socket>((resolve) => {
          const socket = connect(port, '127.0.0.1', () => socket.write(text, () => resolve(socket)));
          socket.on('error', () => undefined);
        }),
    ),
  );
}

async function stopInTime(service: ChildService, signal: NodeJS.Signals): Promise<void> {
  const askedAt = performance.now();
  expect(await service.stop(signal)).toEqual(drained);
  expect(performance.now() - askedAt).toBeLessThan(STOP_MS_MAX);
  expect(service.faults).toEqual([]);
}

test(
  'SIGTERM and SIGINT in mid-load: what is under way is answered, nobody is waited for who says nothing, and the next start goes on',
  async () => {
    const begin = () => ChildService.start(dataDir, { SMTP_URL: mailServer.url });
    let service = await begin();
    const traffic = new Traffic(20_260_305, mailServer, await enrolOfficer(dataDir, service.url), PLACES);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const lingering = await lingerers(service.url);
      traffic.start(service.url);
      await traffic.until(60);
      await stopInTime(service, signal);
      await traffic.stop();
      for (const socket of lingering) socket.destroy();
      const evidence = await new Evidence(dataDir).read();
      expect(evidence.hold(traffic.people).holdAnswers(traffic.people).complaints).toEqual([]);
      service = await begin();
    }
    await traffic.finish(service.url);
    const evidence = new Evidence(dataDir);
    await settled(dataDir, evidence);
    expect(evidence.hold(traffic.people).holdClaims(traffic.people).complaints).toEqual([]);
    expect((await (await FreshViews.of(evidence)).compare(dataDir)).differences).toEqual([]);
    expect(traffic.wrong).toEqual([]);
    await stopInTime(service, 'SIGTERM');
  },
  LONGEST_MS,
);

test(
  'SIGTERM while answers are held back: each still comes, whole',
  async () => {
    const service = await ChildService.start(dataDir, { UNIFORM_ANSWER_MS: '3000' });
    await enrolOfficer(dataDir, service.url);
    const attempts = Array.from({ length: 4 }, () =>
      new PortalClient(service.url).signIn(OFFICER, 'not the password'),
    );
    const evidence = new Evidence(dataDir);
    const failures = async () =>
      (await evidence.read()).events.filter(({ type }) => type === 'LoginFailed').length;
    await eventually(async () => (await failures()) === attempts.length);
    await stopInTime(service, 'SIGTERM');
    const answers = await Promise.all(attempts);
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      Array(attempts.length).fill([401, 'SignInRefused']),
    );
  },
  LONGEST_MS,
);

test(
  'SIGTERM during a start ends it cleanly, and the next start goes on',
  async () => {
    const early = ChildService.prepare(dataDir);
    await early.begin();
    await eventually(() => existsSync(join(dataDir, 'lock.db')));
    await stopInTime(early, 'SIGTERM');
    const late = await ChildService.start(dataDir);
    await stopInTime(late, 'SIGTERM');
  },
  LONGEST_MS,
);

test(
  'a second service on the same folder is told so, and does not disturb the first',
  async () => {
    const first = await ChildService.start(dataDir);
    const second = ChildService.prepare(dataDir);
    await second.begin();
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(await second.stderr).toBe(
      `Portcullis cannot start: DataDirectoryInUse: ${dataDir} is in use by another running Portcullis. Stop that one first, or set DATA_DIR to another directory.\n`,
    );
    await enrolOfficer(dataDir, first.url);
    await stopInTime(first, 'SIGTERM');
  },
  LONGEST_MS,
);
