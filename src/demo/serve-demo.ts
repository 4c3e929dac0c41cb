import { resolve } from 'node:path';
import { ConfigError, readSettings } from '../config.js';
import { runUntilStopped } from '../main.js';
import { completeConfig } from '../secrets-file.js';
import { startService, type Service } from '../service.js';
import { ServiceLog } from '../service-log.js';
import { DemoClock } from './demo-clock.js';
import { fillDemo } from './fill-demo.js';
import { legacyPersonas } from './legacy-personas.js';
import { demoAnswers, personas } from './personas.js';

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/** The service with made-up people, on this machine only, in a folder of its own. */
export async function serveDemo(): Promise<void> {
  const config = completeConfig(
    readSettings({
      DATA_DIR: 'data-demo',
      LOG_LEVEL: 'warn',
      API_DOCS: 'on',
      ...nonEmpty(process.env),
      // Its legacy accounts are its own.
      LEGACY_DIRECTORY_URL: '',
      LEGACY_PORTAL_URL: '',
      LEGACY_PORTAL_CLIENT_ID: '',
      LEGACY_PORTAL_JWKS: '',
      LEGACY_RESET_URL: '',
      LEGACY_LOGOUT_URL: '',
    }),
    'demo',
  );
  refuseStrangers(config.HOST, 'HOST');
  refuseStrangers(config.ADMIN_ADDRESS.replace(/:\d+$/, '').replace(/^\[|\]$/g, ''), 'ADMIN_ADDRESS');
  const log = new ServiceLog(config.LOG_LEVEL);
  const clock = new DemoClock();
  const start = () => startService(config, log, { clock, beforeStart: (app) => fillDemo(app, clock) });
  process.stdout.write(welcome(await runUntilStopped(start, log), resolve(config.DATA_DIR)));
}

/** Its secrets and passwords are public. */
function refuseStrangers(host: string, setting: string): void {
  if (loopback.has(host)) return;
  throw new ConfigError([`${setting}: the demo listens on loopback only (127.0.0.1), not on ${host}`]);
}

const nonEmpty = (environment: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));

function welcome({ url, adminUrl }: Service, dataDir: string): string {
  const emailWidth = Math.max(...personas.map(({ email }) => email.length));
  const passwordWidth = Math.max(...personas.map(({ password }) => password.length));
  const rows = personas.map(
    ({ email, password, shows }) =>
      `  ${email.padEnd(emailWidth)}  ${password.padEnd(passwordWidth)}  ${shows}`,
  );
  const legacyRows = legacyPersonas.map(
    ({ record, password, shows }) => `  ${record.legacyUserId.padEnd(10)}  ${password.padEnd(8)}  ${shows}`,
  );
  return [
    '',
    'Portcullis demo: made-up people, on this machine only.',
    '',
    `  Portal     ${url}/`,
    `  API        ${url}/api/v1`,
    `  API reader ${url}/api/docs`,
    `  Mailbox    ${adminUrl}/mailbox`,
    `  Metrics    ${adminUrl}/metrics`,
    `  Data       ${dataDir} (delete it to begin again)`,
    '',
    ...rows,
    '',
    `  Security answers of everybody: ${demoAnswers.map(({ questionId, answer }) => `${questionId} = ${answer}`).join(', ')}`,
    '',
    '  Legacy user ids and passwords, for “Sync Accounts”:',
    '',
    ...legacyRows,
    '',
    'Ctrl-C stops it; the next start goes on where this one stopped.',
    '',
  ].join('\n');
}
