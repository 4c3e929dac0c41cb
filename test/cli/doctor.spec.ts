import { DatabaseSync } from '@photostructure/sqlite';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { Installation, PATIENCE_MS } from './installation.js';

interface Finding {
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly about: string;
  readonly detail: string;
  readonly fix?: string;
}

async function examine(here: Installation): Promise<{ code: number | null; failed: Finding[] }> {
  const { code, out, err } = await here.run('doctor', '--json');
  expect(err).toBe('');
  const findings = JSON.parse(out) as Finding[];
  for (const { verdict, fix } of findings) expect(typeof fix).toBe(verdict === 'ok' ? 'undefined' : 'string');
  return { code, failed: findings.filter(({ verdict }) => verdict === 'fail') };
}

describe('portcullis doctor', () => {
  let here: Installation;
  beforeEach(() => {
    here = new Installation();
  });
  afterEach(() => here.remove());

  it(
    'finds nothing wrong before the first start, beside the service, and after kill -9',
    async () => {
      expect(await examine(here)).toEqual({ code: 0, failed: [] });
      expect(existsSync(here.dataDir)).toBe(false);
      const service = await here.serve();
      expect(await examine(here)).toEqual({ code: 0, failed: [] });
      await service.kill();
      expect(existsSync(`${here.dataDir}/control.sock`)).toBe(true);
      expect(await examine(here)).toEqual({ code: 0, failed: [] });
      const again = await here.serve();
      expect(await here.must('projections', 'list', '--json')).toContain('"running": true');
      expect(await again.stop()).toBe(0);
      expect(existsSync(`${here.dataDir}/control.sock`)).toBe(false);
    },
    PATIENCE_MS,
  );

  it(
    'tells every mistake of the configuration',
    async () => {
      const { code, failed } = await examine(
        new Installation({ PORT: 'many', LOCKOUT_FAILURES: '0' }, here.dataDir),
      );
      expect(code).toBe(1);
      expect(failed.map(({ detail }) => detail.split(':')[0])).toEqual(['PORT', 'LOCKOUT_FAILURES']);
    },
    PATIENCE_MS,
  );

  it(
    'tells what is broken, each with its fix',
    async () => {
      const service = await here.serve();
      await service.stop();
      const log = new DatabaseSync(`${here.dataDir}/log.db`);
      const late = JSON.stringify({ at: Date.now() + 3_600_000 });
      log.exec(`INSERT INTO events VALUES (3, 'account-x', 1, 'id', 'AccountUnlocked', '{}', '${late}')`);
      log.close();
      const keys = new DatabaseSync(`${here.dataDir}/keys.db`);
      keys.exec("INSERT INTO keys VALUES ('somebody', 'another', x'00')");
      keys.close();
      chmodSync(`${here.dataDir}/secrets.env`, 0o644);
      chmodSync(here.dataDir, 0o755);
      const elsewhere = { SMTP_URL: 'smtp://127.0.0.1:1', PUBLIC_URL: 'http://portal.example' };
      const { code, failed } = await examine(new Installation(elsewhere, here.dataDir));
      expect(code).toBe(1);
      expect(failed.map(({ about, detail }) => `${about}: ${detail}`)).toEqual([
        expect.stringMatching(/^Data folder: others may read .*data \(mode 0755\)$/),
        expect.stringMatching(/^Secrets: others may read .*secrets\.env \(mode 0644\)$/),
        'Event log: it holds 2 events, but its last position is 3',
        'Event log: account-x holds 1 events, but its last revision is 1',
        'Keys: a data key is wrapped by master key another, which is not configured',
        expect.stringMatching(/^Clock: it says .*, but the last event is of /),
        expect.stringMatching(/^Public address: .* is not https/),
        'Mail: the mail server does not take us (ESOCKET ECONNREFUSED CONN)',
      ]);
    },
    PATIENCE_MS,
  );

  it(
    'tells of a file that is no database',
    async () => {
      mkdirSync(here.dataDir, { mode: 0o700 });
      writeFileSync(`${here.dataDir}/log.db`, 'nothing that SQLite knows'.repeat(1_000));
      const { code, failed } = await examine(here);
      expect(code).toBe(1);
      expect(failed.map(({ detail }) => detail)).toContain('file is not a database');
    },
    PATIENCE_MS,
  );
});
