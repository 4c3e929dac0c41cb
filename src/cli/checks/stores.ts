import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isWriteAhead, problemsOfDatabase, problemsOfLog } from '../../adapters/embedded/database-check.js';
import { DataDirectoryInUse, DataLock } from '../../adapters/embedded/data-lock.js';
import { keyFile } from '../../adapters/embedded/key-connection.js';
import { logFile, positionNumber, positionText } from '../../adapters/embedded/log-connection.js';
import type { Config } from '../../config.js';
import { openLog } from '../data-directory.js';
import { followerStates, type FollowerState } from '../followers.js';
import { problemWithKeys } from '../key-check.js';
import { instantText, plural } from '../printing.js';
import { type Check, fail, type Finding, type Installation, ok, warn } from './check.js';

const RESTORE = 'stop the service, keep this folder, and restore the latest backup into a new one';

export const service: Check = ({ settings, service: running }) => {
  const about = 'Service';
  if (running) return [ok(about, `runs as process ${running.processId}, and takes commands`)];
  if (!existsSync(join(settings.DATA_DIR, 'lock.db'))) return [ok(about, 'never ran here')];
  try {
    DataLock.take(settings.DATA_DIR).release();
  } catch (error) {
    if (!(error instanceof DataDirectoryInUse)) throw error;
    const fix = `try again in a moment; if it stays so, look who holds ${join(settings.DATA_DIR, 'lock.db')} (lsof, fuser) and stop that`;
    return [fail(about, 'something has the data, and takes no commands: it starts, stops, or hangs', fix)];
  }
  return [ok(about, 'does not run; nothing else has the data')];
};

export const log: Check = ({ settings, hasLog }) => {
  const about = 'Event log';
  if (!hasLog) return [ok(about, 'made at the first start')];
  const file = logFile(settings.DATA_DIR);
  const problems = problemsOfLog(file);
  if (problems.length > 0) return problems.map((problem) => fail(about, problem, RESTORE));
  if (!isWriteAhead(file)) {
    return [warn(about, 'it is not in WAL mode', 'start the service once: it sets the mode')];
  }
  return [ok(about, 'whole: no damage, and no gaps in positions or revisions')];
};

export const keys: Check = async ({ settings, hasLog }) => {
  const about = 'Keys';
  if (!hasLog) return [ok(about, 'made at the first start')];
  if (!existsSync(keyFile(settings.DATA_DIR))) return [fail(about, 'keys.db is gone', RESTORE)];
  const problems = problemsOfDatabase(keyFile(settings.DATA_DIR));
  if (problems.length > 0) return problems.map((problem) => fail(about, problem, RESTORE));
  const problem = await problemWithKeys(settings);
  if (problem === null) return [ok(about, 'whole, and the master key opens all of them')];
  const fix = 'give the secrets that the data was written with; former master keys go into MASTER_KEYS_OLD';
  return [fail(about, problem, fix)];
};

const LAG_SECONDS_MAX = 60;

export const followers: Check = async (installation) => {
  if (!installation.hasLog) return [];
  const states = await followerStates(installation.settings);
  const findings = states.flatMap((state) => findingsOf(state, installation));
  return findings.length > 0
    ? findings
    : [ok('Projections', `${states.map(({ name }) => name).join(', ')}: nothing parked`)];
};

function findingsOf(state: FollowerState, { service: running }: Installation): Finding[] {
  const { name, kind, lag, parked } = state;
  const about = kind === 'projection' ? 'Projections' : 'Reactions';
  const findings = parked.map(({ stream, cause }) => {
    const fix = `mend the cause, then: portcullis projections retry ${name} ${stream}`;
    return fail(about, `${name} set ${stream} aside: ${cause}`, fix);
  });
  const failure = running?.failures[name];
  if (state.aheadOfLog && kind === 'projection') {
    const fix = `portcullis projections rebuild ${name}`;
    findings.push(fail(about, `${name} is ahead of the log, which is an older copy`, fix));
  } else if (failure !== undefined) {
    findings.push(
      fail(about, `${name} does not go on: ${failure}`, 'mend the cause: it tries again by itself'),
    );
  } else if (running && lag.seconds > LAG_SECONDS_MAX) {
    const detail = `${name} is ${plural(lag.events, 'event')} behind, for ${Math.round(lag.seconds)} s`;
    findings.push(
      warn(about, detail, 'wait, if it moves (portcullis projections lag); else restart the service'),
    );
  }
  return findings;
}

const YEAR_MIN = 2025;
const BEHIND_MS_MAX = 60_000;

export const clock: Check = async ({ settings, hasLog }) => {
  const about = 'Clock';
  const now = Date.now();
  const fix = 'set the clock and keep it set (NTP): locks and links end by it';
  if (new Date(now).getUTCFullYear() < YEAR_MIN) return [fail(about, `it says ${instantText(now)}`, fix)];
  const last = hasLog ? await lastInstant(settings) : null;
  if (last !== null && last - now > BEHIND_MS_MAX) {
    return [fail(about, `it says ${instantText(now)}, but the last event is of ${instantText(last)}`, fix)];
  }
  return [ok(about, instantText(now))];
};

async function lastInstant(settings: Pick<Config, 'DATA_DIR'>): Promise<number | null> {
  const reader = openLog(settings);
  try {
    const head = positionNumber(await reader.head());
    if (head === 0) return null;
    const [last] = await reader.readLog(head === 1 ? null : positionText(head - 1), 1);
    const { at } = JSON.parse(last?.metadata ?? '{}') as { at?: unknown };
    return typeof at === 'number' ? at : null;
  } finally {
    reader.close();
  }
}
