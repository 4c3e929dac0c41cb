import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildService, killLeftovers } from '../support/child-service.js';
import { SeededRandom } from '../support/seeded-random.js';
import { TestMailServer } from '../support/smtp-server.js';
import { counted, progress } from '../support/soak.js';
import { Evidence } from './evidence.js';
import { FreshViews, settled } from './fresh-views.js';
import { enrolOfficer, Traffic } from './traffic.js';

const SEED = 20_260_302;
const KILLS = counted(6, 500);
const PLACES = 12;
/** So many kills in a hundred hit a start. */
const KILLS_AT_START = 0.4;
const LONGEST_MS = 20 * 60_000 + counted(0, 3 * 3_600_000);

let dataDir: string;
let mailServer: TestMailServer;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'portcullis-kill-'));
  mailServer = await new TestMailServer().start();
});
afterAll(async () => {
  await killLeftovers();
  await mailServer.stop();
  rmSync(dataDir, { recursive: true });
});

const prepare = () => ChildService.prepare(dataDir, { SMTP_URL: mailServer.url });

test(
  `A service that is killed ${KILLS} times keeps all that it acknowledged`,
  async () => {
    const random = new SeededRandom(SEED);
    let service = prepare();
    let startedAt = performance.now();
    await service.start();
    let startMs = performance.now() - startedAt;
    const traffic = new Traffic(SEED, mailServer, await enrolOfficer(dataDir, service.url), PLACES);
    const evidence = new Evidence(dataDir);
    const fresh = await FreshViews.of(evidence);
    const differences: string[] = [];

    for (let kill = 1; kill <= KILLS; kill += 1) {
      const next = prepare();
      traffic.start(service.url);
      await traffic.until(random.whole(20, 200));
      await pause(random.whole(0, 20));
      await service.kill();
      await traffic.stop();
      expect(service.faults).toEqual([]);
      await evidence.read();
      if (kill % counted(1, 20) === 0) differences.push(...(await fresh.compare(dataDir)).differences);
      service = next;
      while (kill < KILLS && random.chance(KILLS_AT_START)) {
        await service.begin();
        await pause(random.whole(0, Math.ceil(startMs)));
        await service.kill();
        kill += 1;
        service = prepare();
      }
      startedAt = performance.now();
      await service.start();
      startMs = performance.now() - startedAt;
      expect(evidence.hold(traffic.people).complaints).toEqual([]);
      expect({ wrong: traffic.wrong, differences }).toEqual({ wrong: [], differences: [] });
      if (kill % 10 === 0) {
        progress(
          `${kill} kills of ${KILLS}: ${traffic.acknowledged} acknowledged, ${evidence.events.length} events`,
        );
      }
    }

    await traffic.finish(service.url);
    await settled(dataDir, evidence);
    expect(evidence.hold(traffic.people).holdClaims(traffic.people).complaints).toEqual([]);
    const compared = await fresh.compare(dataDir);
    expect(compared.differences).toEqual([]);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    progress(
      `${KILLS} kills: ${traffic.acknowledged} acknowledged, ${traffic.repeated} of them sent again, ${compared.documents} documents`,
    );
  },
  LONGEST_MS,
);

const pause = (ms: number) => new Promise((resume) => setTimeout(resume, ms));
