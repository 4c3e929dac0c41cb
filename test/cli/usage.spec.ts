import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LogDatabase } from '../../src/adapters/embedded/log-database.js';
import { events } from '../contracts/event-store-events.js';
import { Installation, PATIENCE_MS } from './installation.js';

const root = new URL('../../', import.meta.url);

describe('portcullis at the command line', () => {
  it(
    'is what npx runs: a file that can be executed as it is checked out',
    () => {
      const { bin } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
        bin: { portcullis: string };
      };
      const help = execFileSync(fileURLToPath(new URL(bin.portcullis, root)), ['--help'], {
        encoding: 'utf8',
      });
      expect(help).toMatch(/^Usage: portcullis /);
    },
    PATIENCE_MS,
  );

  let here: Installation;
  beforeEach(() => {
    here = new Installation();
  });
  afterEach(() => here.remove());

  it(
    'tells what there is',
    async () => {
      const help = await here.must('--help');
      for (const command of [
        'serve',
        'doctor',
        'history',
        'staff',
        'projections',
        'legacy',
        'backup',
        'restore',
      ]) {
        expect(help).toMatch(new RegExp(`^  ${command} `, 'm'));
      }
    },
    PATIENCE_MS,
  );

  it.each([
    ['an unknown command', ['frobnicate']],
    ['no command', ['projections']],
    ['a missing option', ['staff', 'add', '--email', 'a@b.example']],
    [
      'no e-mail address',
      ['staff', 'add', '--email', 'a b', '--given-name', 'A', '--family-name', 'B', '--role', 'auditor'],
    ],
    ['an unknown role', ['staff', 'grant', 'a@b.example', '--role', 'king', '--reason', 'why']],
  ])(
    'ends with 2 for %s',
    async (_what, args) => {
      const { code, err } = await here.run(...args);
      expect({ code, told: err.length > 0 }).toEqual({ code: 2, told: true });
    },
    PATIENCE_MS,
  );

  it(
    'comes to its end though nobody reads what it prints',
    async () => {
      expect(await here.runUnread('doctor')).toEqual({ code: 0, err: '' });
    },
    PATIENCE_MS,
  );

  it(
    'makes nothing where there is nothing to read',
    async () => {
      for (const args of [
        ['projections', 'list'],
        ['projections', 'rebuild'],
        ['history', 'a@b.example'],
      ]) {
        const { code, out, err } = await here.run(...args);
        expect({ code, out }).toEqual({ code: 1, out: '' });
        expect(err).toMatch(/^portcullis: There is no log in .* Set DATA_DIR/);
      }
      expect(existsSync(here.dataDir)).toBe(false);
    },
    PATIENCE_MS,
  );

  it(
    'never makes new secrets beside data that was written with others',
    async () => {
      mkdirSync(here.dataDir);
      const log = new LogDatabase(`${here.dataDir}/log.db`);
      log.commit([{ stream: 'account-1', expected: 'NoStream', events: events(1) }]);
      log.close();
      for (const args of [
        ['history', 'olive@cbp.example'],
        ['staff', 'grant', 'olive@cbp.example', '--role', 'auditor', '--reason', 'why'],
        ['serve'],
      ]) {
        const { code, err } = await here.run(...args);
        expect(code).toBe(1);
        expect(err).toContain('give those that the data was written with');
      }
      expect(existsSync(`${here.dataDir}/secrets.env`)).toBe(false);
    },
    PATIENCE_MS,
  );

  it(
    'has nothing to look at where nothing is kept',
    async () => {
      const memory = new Installation({ EVENT_STORE_URL: ':memory:', READ_STORE_URL: ':memory:' });
      const { code, err } = await memory.run('projections', 'list');
      await memory.remove();
      expect({ code, err }).toEqual({
        code: 1,
        err: 'portcullis: EVENT_STORE_URL is :memory:, which keeps nothing that another process could read.\n',
      });
    },
    PATIENCE_MS,
  );
});
