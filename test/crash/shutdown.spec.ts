import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildService, killLeftovers, type Exit } from '../support/child-service.js';
import { PortalClient } from '../support/portal-client.js';
import { TestMailServer } from '../support/smtp-server.js';
import { eventually } from '../support/views.js';
import { Evidence } from './evidence.js';
import { enrolOfficer, Traffic } from './traffic.js';

const PLACES = 12;
const STOP_MS_MAX = 10_000;
const LONGEST_MS = 5 * 60_000;
const drained: Exit = { code: 0, signal: null };

let dataDir: string;
let mailServer: TestMailServer;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'portcullis-stop-'));
  mailServer = await new TestMailServer().start();
});
afterEach(killLeftovers);
afterAll(async () => {
  await mailServer.stop();
  rmSync(dataDir, { recursive: true });
});

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

describe('A service that is told to stop', () => {
  test(
    'by SIGINT first gives the answers that it holds back, whole',
    async () => {
      const service = await ChildService.start(dataDir, { UNIFORM_ANSWER_MS: '3000' });
      const email = 'held-back@cbp.example';
      await enrolOfficer(dataDir, service.url, email);
      const attempts = Array.from({ length: 4 }, () =>
        new PortalClient(service.url).signIn(email, 'not the password'),
      );
      const evidence = new Evidence(dataDir);
      const failures = async () =>
        (await evidence.read()).events.filter(({ type }) => type === 'LoginFailed').length;
      await eventually(async () => (await failures()) === attempts.length);
      await stopInTime(service, 'SIGINT');
      const answers = await Promise.all(attempts);
      expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
        Array(attempts.length).fill([401, 'SignInRefused']),
      );
    },
    LONGEST_MS,
  );

  test(
    'by SIGTERM in mid-start ends cleanly, too',
    async () => {
      const fresh = join(dataDir, 'fresh');
      const service = ChildService.prepare(fresh);
      await service.begin();
      await eventually(() => existsSync(join(fresh, 'lock.db')));
      await stopInTime(service, 'SIGTERM');
    },
    LONGEST_MS,
  );

  test(
    'by SIGTERM in mid-load answers what is under way, and waits for nobody who says nothing',
    async () => {
      const service = await ChildService.start(dataDir, { SMTP_URL: mailServer.url });
      const officer = await enrolOfficer(dataDir, service.url);
      await expectSecondRefused();
      const traffic = new Traffic(20_260_305, mailServer, officer, PLACES);
      const lingering = await lingerers(service.url);
      traffic.start(service.url);
      await traffic.until(60);
      await stopInTime(service, 'SIGTERM');
      await traffic.stop();
      for (const socket of lingering) socket.destroy();
      const evidence = await new Evidence(dataDir).read();
      expect(evidence.hold(traffic.people).holdAnswers(traffic.people).complaints).toEqual([]);
      expect(traffic.wrong).toEqual([]);
    },
    LONGEST_MS,
  );
});

/** One service has the folder; another one that is started on it ends, and says why. */
async function expectSecondRefused(): Promise<void> {
  const second = ChildService.prepare(dataDir);
  await second.begin();
  expect(await second.exited).toEqual({ code: 1, signal: null });
  expect(await second.stderr).toBe(
    `Portcullis cannot start: ${dataDir} is in use by another running Portcullis. Stop that one first, or set DATA_DIR to another directory.\n`,
  );
}
