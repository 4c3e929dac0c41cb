import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { EmbeddedReadStore } from '../../src/adapters/embedded/view-store.js';
import { reactionView } from '../../src/engine/reaction-run.js';
import { accountView } from '../../src/projections/account-view.js';
import { projections } from '../../src/projections/all.js';
import { reactionNames } from '../../src/reactions/all.js';
import { answers, PASSWORD } from '../support/people.js';
import { PortalClient } from '../support/portal-client.js';
import { TestMailServer } from '../support/smtp-server.js';
import { Installation, PATIENCE_MS, type ServiceProcess } from './installation.js';

interface Invited {
  readonly accountId: string;
  readonly enrolmentUrl?: string;
}

const staff = (email: string, role = 'dutyOfficer') =>
  [
    'staff',
    'add',
    '--email',
    email,
    '--given-name',
    'Olive',
    '--family-name',
    'Officer',
    '--role',
    role,
  ] as const;
const names = [...projections.map(({ name }) => name), ...reactionNames];

describe('portcullis beside a running service', () => {
  const mailServer = new TestMailServer();
  let here: Installation;
  let service: ServiceProcess;
  let olive: Invited;

  beforeAll(async () => {
    await mailServer.start();
    here = new Installation({ SMTP_URL: mailServer.url });
    service = await here.serve();
    olive = await here.json<Invited>(...staff('olive@cbp.example'));
  }, PATIENCE_MS);
  afterAll(async () => {
    await here.remove();
    await mailServer.stop();
  });

  it('keeps its socket to the user of the service', () => {
    expect(statSync(`${here.dataDir}/control.sock`).mode & 0o777).toBe(0o600);
  });

  it(
    'invites staff by a link that works, and tells who did it',
    async () => {
      const client = new PortalClient(service.url);
      const token = new URL(olive.enrolmentUrl!).searchParams.get('token');
      const enrolment = { token, password: PASSWORD, passwordAgain: PASSWORD, securityAnswers: answers };
      expect((await client.post('/api/v1/enrolments', enrolment)).status).toBe(200);
      expect((await client.signIn('olive@cbp.example', PASSWORD)).status).toBe(201);
      const history = await here.must('history', 'Olive@cbp.example');
      expect(history).toContain(`operator ${userInfo().username}  You were invited to enrol.`);
      expect(history.split('\n').filter((line) => line.includes('owner'))).toHaveLength(1);
      expect(history).not.toContain('olive@');
    },
    PATIENCE_MS,
  );

  it(
    'mails the link and prints none with --mail; never a second account for one address',
    async () => {
      const out = await here.must(...staff('max@cbp.example', 'auditor'), '--mail');
      expect(out).not.toContain('token=');
      while (!mailServer.mails().some(({ to }) => to === 'max@cbp.example')) await setTimeout(20);
      const again = await here.run(...staff('max@cbp.example'));
      expect(again).toEqual({
        code: 1,
        out: '',
        err: 'portcullis: This address has an account already.\n',
      });
    },
    PATIENCE_MS,
  );

  it(
    'grants and revokes roles',
    async () => {
      const change = ['--role', 'auditor', '--reason', 'Acting for a colleague'];
      expect(await here.must('staff', 'grant', 'olive@cbp.example', ...change)).toMatch(/^Granted/);
      expect(await here.must('staff', 'grant', olive.accountId, ...change)).toMatch(/^Nothing to do/);
      expect(await here.must('staff', 'revoke', olive.accountId, ...change)).toMatch(/^Revoked/);
    },
    PATIENCE_MS,
  );

  it(
    'lists what follows the log, and rebuilds views beside those in use',
    async () => {
      interface Listed {
        running: boolean;
        projections: { name: string; parked: number; failure: string | null }[];
      }
      const listed = await here.json<Listed>('projections', 'list');
      expect(listed.running).toBe(true);
      expect(listed.projections.map(({ name }) => name)).toEqual(names);
      expect(await here.must('projections', 'rebuild')).toMatch(
        /^Rebuilt account-view-1, account-history-1, .* from \d+ events/,
      );
      const unknown = await here.run('projections', 'rebuild', 'nothing');
      expect(unknown.code).toBe(1);
      // What the service itself runs is what the list goes by.
      expect(unknown.err).toContain(`Reactions: ${reactionNames.join(', ')}.`);
    },
    PATIENCE_MS,
  );

  it(
    'shows what is parked with its cause, and lets it go on',
    async () => {
      const stream = `account-${olive.accountId}`;
      const views = EmbeddedReadStore.open({ dataDir: here.dataDir });
      const parked = { revision: 0, position: '0000000000000001', cause: 'a bug', parkedAt: 1 };
      await views.park(accountView.name, { ...parked, stream });
      await views.park(reactionView('mails'), { ...parked, stream: `${stream}@0` });
      await views.close();
      const shown = await here.must('projections', 'parked');
      expect(shown).toContain(`${accountView.name} ${stream}`);
      expect(shown).toContain('a bug');
      await here.must('projections', 'retry', accountView.name, stream);
      await here.must('projections', 'retry', 'mails', `${stream}@0`);
      expect(await here.json('projections', 'parked')).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'refuses a second service, and restoring over this one',
    async () => {
      const second = await here.run('serve');
      expect(second.code).toBe(1);
      expect(second.err).toContain('is in use by another running Portcullis');
      await here.must('backup', here.path('backup'));
      const restored = await here.run('restore', here.path('backup'));
      expect(restored.code).toBe(1);
      expect(restored.err).toContain('is in use by another running Portcullis');
    },
    PATIENCE_MS,
  );

  it(
    'does the same here once the service has stopped',
    async () => {
      expect(await service.stop()).toBe(0);
      const out = await here.must(...staff('late@cbp.example'));
      expect(out).toContain('https://portal.example/enrol?token=');
      expect(out).toContain('when the service runs next');
      expect(await here.must('projections', 'rebuild', accountView.name)).toMatch(
        /^Rebuilt account-view-1 from/,
      );
      interface Lag {
        name: string;
        events: number;
      }
      const lag = await here.json<Lag[]>('projections', 'lag');
      expect(lag.find(({ name }) => name === 'mails')?.events).toBeGreaterThan(0);
      expect(lag.find(({ name }) => name === accountView.name)?.events).toBe(0);
    },
    PATIENCE_MS,
  );
});
