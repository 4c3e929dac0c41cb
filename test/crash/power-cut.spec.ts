import { ChildService, killLeftovers } from '../support/child-service.js';
import { PowerCut } from '../support/power-cut.js';
import { SeededRandom } from '../support/seeded-random.js';
import { TestMailServer } from '../support/smtp-server.js';
import { counted, progress } from '../support/soak.js';
import { Evidence } from './evidence.js';
import { FreshViews, settled } from './fresh-views.js';
import { enrolOfficer, Traffic } from './traffic.js';

const SEED = 20_260_303;
const CUTS = counted(2, 50);
const PLACES = 12;
const LONGEST_MS = 10 * 60_000 + counted(0, 2 * 3_600_000);

const whyNot = PowerCut.whyNot();
if (whyNot !== null) process.stderr.write(`Skipped: power cuts, since ${whyNot}.\n`);

let disk: PowerCut;
let mailServer: TestMailServer;
beforeAll(async () => {
  if (whyNot !== null) return;
  disk = new PowerCut();
  mailServer = await new TestMailServer().start();
});
afterAll(async () => {
  await killLeftovers();
  await mailServer?.stop();
  disk?.remove();
});

(whyNot === null ? test : test.skip)(
  `A service whose power is cut ${CUTS} times keeps all that it acknowledged`,
  async () => {
    const { dataDir } = disk;
    const prepare = () => ChildService.prepare(dataDir, { SMTP_URL: mailServer.url, ...disk.environment });
    const random = new SeededRandom(SEED);
    let service = prepare();
    await service.start();
    const traffic = new Traffic(SEED, mailServer, await enrolOfficer(dataDir, service.url), PLACES);

    for (let cut = 1; cut <= CUTS; cut += 1) {
      const next = prepare();
      traffic.start(service.url);
      await traffic.until(random.whole(50, 300));
      await service.kill();
      await traffic.stop();
      disk.cut();
      const evidence = await new Evidence(dataDir).read();
      expect(evidence.hold(traffic.people).complaints).toEqual([]);
      expect((await (await FreshViews.of(evidence)).compare(dataDir)).differences).toEqual([]);
      expect({ wrong: traffic.wrong, faults: service.faults }).toEqual({ wrong: [], faults: [] });
      service = next;
      await service.start();
      progress(
        `${cut} power cuts of ${CUTS}: ${traffic.acknowledged} acknowledged, ${evidence.events.length} events`,
      );
    }

    await traffic.finish(service.url);
    const evidence = new Evidence(dataDir);
    await settled(dataDir, evidence);
    expect(evidence.hold(traffic.people).holdClaims(traffic.people).complaints).toEqual([]);
    expect((await (await FreshViews.of(evidence)).compare(dataDir)).differences).toEqual([]);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
  },
  LONGEST_MS,
);
