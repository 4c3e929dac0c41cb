import { existsSync } from 'node:fs';
import { logFile } from '../adapters/embedded/log-connection.js';
import { ConfigError, isShared, type Settings } from '../config.js';
import type { ServiceStatus } from '../control/acts.js';
import { NoService, ServiceLost, throughService } from '../control/control-client.js';
import { controlSocket } from '../control/control-socket.js';
import { type Check, fail, type Finding, type Installation, ok } from './checks/check.js';
import { dataFolder, disk, durableCommits, secrets } from './checks/folder.js';
import { mail, publicAddress } from './checks/outside.js';
import { serverKeys, servers } from './checks/servers.js';
import { clock, followers, keys, log, service } from './checks/stores.js';
import { operatorName } from './data-directory.js';
import { keptSettings, modeOf } from './kept-stores.js';
import { plural, say, sayJson } from './printing.js';

const checks: readonly Check[] = [
  dataFolder,
  secrets,
  disk,
  durableCommits,
  service,
  log,
  keys,
  followers,
  clock,
  publicAddress,
  mail,
];

const serverChecks: readonly Check[] = [servers, serverKeys, followers, publicAddress, mail];

const NODE_MIN = [20, 19] as const;

/** Looks at everything and changes nothing. The process ends with 1 when something failed; warnings count for nothing. */
export async function doctor({ json }: { json: boolean }): Promise<void> {
  const findings = [node(), ...(await examine())];
  const failures = findings.filter(({ verdict }) => verdict === 'fail').length;
  if (failures > 0) process.exitCode = 1;
  if (json) return sayJson(findings);
  for (const finding of findings) print(finding);
  const warnings = findings.filter(({ verdict }) => verdict === 'warn').length;
  const summary = [failures > 0 && plural(failures, 'failure'), warnings > 0 && plural(warnings, 'warning')];
  say(`\n${summary.filter(Boolean).join(', ') || 'All is well'}.`);
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [majorMin, minorMin] = NODE_MIN;
  if (major > majorMin || (major === majorMin && minor >= minorMin))
    return ok('Node.js', process.versions.node);
  const fix = `install Node.js ${majorMin}.${minorMin} or later`;
  return fail('Node.js', `${process.versions.node} is too old`, fix);
}

async function examine(): Promise<Finding[]> {
  let settings: Settings;
  try {
    settings = keptSettings();
  } catch (error) {
    const problems = error instanceof ConfigError ? error.problems : [(error as Error).message];
    const fix = 'correct it in the environment; .env.example says what each setting takes';
    return problems.map((problem) => fail('Configuration', problem, fix));
  }
  const findings: Finding[] = [ok('Configuration', 'every setting is in order')];
  const installation = await look(settings);
  for (const check of isShared(settings) ? serverChecks : checks) {
    try {
      findings.push(...(await check(installation)));
    } catch (error) {
      findings.push(unfinished(error));
    }
  }
  return findings;
}

async function look(settings: Settings): Promise<Installation> {
  if (isShared(settings)) {
    const mode = await modeOf(settings).catch(() => 'real' as const);
    return { settings, mode, hasLog: true, service: null };
  }
  const hasLog = existsSync(logFile(settings.DATA_DIR));
  // An unreadable log has a check of its own.
  const mode = await modeOf(settings).catch(() => 'real' as const);
  return { settings, mode, hasLog, service: await runningService(settings) };
}

async function runningService(settings: Settings): Promise<ServiceStatus | null> {
  try {
    return await throughService(controlSocket(settings.DATA_DIR), 'status', {}, operatorName());
  } catch (error) {
    if (error instanceof NoService || error instanceof ServiceLost) return null;
    throw error;
  }
}

const unfinished = (error: unknown): Finding =>
  fail('A check', `could not be made: ${(error as Error).message}`, 'mend that, then run doctor again');

function print(finding: Finding): void {
  const { verdict, about, detail } = finding;
  say(`${verdict.padEnd(4)}  ${about.padEnd(15)} ${detail}`);
  if (finding.verdict !== 'ok') say(`      ${''.padEnd(15)} Fix: ${finding.fix}`);
}
